"""Who may act, and for whom.

Words: *Tenant* (a studio, or the platform itself), *Project*, *User* (a person in one tenant), *Membership* (a role,
tenant-wide or in a project), *Actor* (a person, where and with which permissions, frozen), *token* (a person's key for
programs), *Session*.
"""
