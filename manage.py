#!/usr/bin/env python
"""Django's command line with Hanse's settings; `script/manage` runs it with the environment set."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "b2b.settings")
    execute_from_command_line(sys.argv)
