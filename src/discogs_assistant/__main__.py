"""`python -m discogs_assistant`."""

from discogs_assistant.cli import main

if __name__ == "__main__":
    main()
