"""Sessions and runs on disk: plain files that survive kills, full disks and two writers.

Everything is standard library, and every write is whole or not there.  Other parts of the workbench use

* `workbench.store.sessions.Sessions` and `workbench.store.session.Session`,
* `workbench.store.run.RunFolder` with its lock, events and control file,
* `workbench.store.checkpoints.CheckpointStore`, `workbench.store.folder_cache.FolderCache`,
* `workbench.store.places` for the folders of the user,

and show the messages of `workbench.store.errors.StoreError` as they are.
"""
