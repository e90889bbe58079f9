"""What a member of their own (BPU) pays a month, and what is owed. Pure: no database."""
