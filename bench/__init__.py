"""``make bench``: what every page weighs and every act costs, against its bars."""
