"""Who there is in the demo, and what chance decides."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from b2b.clock import database_now
from b2b.models import Organisation, User
from b2b.policy import Actor

SEED = 20_260_101


@dataclass(frozen=True, slots=True)
class Person:
    """A demo user in the one organisation they belong to; ``has_code`` where they sign in with a second factor."""

    user: User
    organisation: Organisation
    roles: tuple[str, ...]
    has_code: bool

    @property
    def actor(self) -> Actor:
        """What a request of theirs would carry."""
        return Actor(
            user_id=self.user.pk,
            organisation_id=self.organisation.pk,
            roles=frozenset(self.roles),
            platform=self.organisation.is_platform,
            second_factor=self.has_code,
        )


@dataclass
class World:
    """Organisations by a short name, and their people in the order they were hired.

    ``random`` is seeded, so that every installation shows the same demo.
    """

    organisations: dict[str, Organisation] = field(default_factory=dict)
    people: dict[str, list[Person]] = field(default_factory=dict)
    random: Random = field(default_factory=lambda: Random(SEED))  # noqa: S311 — chance, not a secret
    now: datetime = field(default_factory=database_now)
    for_the_worker: set[str] = field(default_factory=set)
    """Tasks that take long and that nothing else waits for: a worker does them after the loading."""

    def __getitem__(self, name: str) -> Organisation:
        return self.organisations[name]

    @property
    def today(self) -> date:
        return self.now.date()

    def day(self, days: int) -> date:
        """So many days from today; negative for the past."""
        return self.today + timedelta(days=days)

    def moment(self, days: float) -> datetime:
        return self.now + timedelta(days=days)

    def who(self, organisation: str, role: str) -> Actor:
        """The first person there with the role."""
        return self._holders(organisation, role)[0].actor

    def other(self, organisation: str, role: str) -> Actor:
        """The last person there with the role: somebody else than ``who``, where there are two."""
        return self._holders(organisation, role)[-1].actor

    def with_code(self, organisation: str, role: str) -> Actor:
        """The first with the role who signs in with a second factor."""
        return next(person.actor for person in self._holders(organisation, role) if person.has_code)

    def _holders(self, organisation: str, role: str) -> list[Person]:
        return [person for person in self.people[organisation] if role in person.roles]
