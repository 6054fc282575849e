"""Cost: counted operations times published prices."""
