"""What is forgotten, and when: one table of rules, and the job that follows it."""
