"""The registry of trained models: manifests, versions, the champion."""
