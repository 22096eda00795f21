"""Profiles: syncing, importing and forgetting collections and wantlists."""
