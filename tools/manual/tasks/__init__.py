"""The tasks of the manual, by kind of user: `CHAPTERS`, in the order of the manual."""

from tools.manual.tasks import (
    administrator,
    auditor,
    centre_worker,
    coordinator,
    data_officer,
    everyone,
    manager,
    ward_supervisor,
    ward_worker,
)

CHAPTERS = (
    everyone.CHAPTER,
    ward_worker.CHAPTER,
    ward_supervisor.CHAPTER,
    centre_worker.CHAPTER,
    coordinator.CHAPTER,
    manager.CHAPTER,
    data_officer.CHAPTER,
    auditor.CHAPTER,
    administrator.CHAPTER,
)

__all__ = ["CHAPTERS"]
