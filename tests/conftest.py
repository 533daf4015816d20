"""What holds for every test."""

import os

os.environ["HKZ_NORMS"] = os.devnull  # question sets of whoever runs the tests are none of theirs
