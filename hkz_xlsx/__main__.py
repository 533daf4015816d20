"""``python -m hkz_xlsx``."""

from hkz_xlsx.cli.main import main

if __name__ == "__main__":
    main()
