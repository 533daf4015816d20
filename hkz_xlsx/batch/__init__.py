"""Many workbooks at once: the client list, file names, the manifest, and what came back."""
