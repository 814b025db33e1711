"""The officer's window: browses the ledger and proves entries. Owns no table; reads what stands below."""
