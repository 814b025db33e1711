"""Types of ids: two of them are never confused, though each is a UUID."""

from typing import NewType
from uuid import UUID

TenantId = NewType("TenantId", UUID)
ProjectId = NewType("ProjectId", UUID)
PersonId = NewType("PersonId", UUID)
ObjectId = NewType("ObjectId", UUID)
EntryId = NewType("EntryId", UUID)
TicketId = NewType("TicketId", UUID)
LeaseToken = NewType("LeaseToken", str)
