"""The branch looks at a destination whose holder's name is not the person's."""
