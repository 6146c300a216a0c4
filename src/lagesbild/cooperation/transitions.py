"""The steps of a matter: which may be taken in which state, where they lead, and who is told.

The one table that actions, pages and tests read. What a step does beside this (who may, open actions, who is asked)
is said by the actions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lagesbild.cooperation.models import MatterState, StepKind

S = MatterState


@dataclass(frozen=True)
class Transition:
    """One kind of step.

    ``states`` gives, for each state in which the step may be taken, the states it may lead to; the first is the
    ordinary one. With ``needs_reason`` it cannot be taken without words. With ``tells`` every raiser gets word of it
    in the same transaction. With ``moves`` the matter comes to another forum. With ``rests`` it gets no further: it
    still counts as standing where it stood.
    """

    states: Mapping[MatterState, tuple[MatterState, ...]]
    needs_reason: bool = False
    tells: bool = False
    moves: bool = False
    rests: bool = False


OPEN_STAYS = {S.RAISED: (S.RAISED,), S.HANDLED: (S.HANDLED,), S.ACTING: (S.ACTING,)}
ANY_STAYS = {**OPEN_STAYS, S.DONE: (S.DONE,), S.WRITTEN_OFF: (S.WRITTEN_OFF,)}
ELSEWHERE = {S.RAISED: (S.RAISED,), S.HANDLED: (S.RAISED,), S.ACTING: (S.ACTING,)}

TRANSITIONS: Mapping[StepKind, Transition] = {
    StepKind.RAISED: Transition({}),  # how a matter begins
    StepKind.JOINED: Transition(OPEN_STAYS, rests=True),
    StepKind.TAKEN_UP: Transition({S.RAISED: (S.HANDLED,)}, tells=True),
    StepKind.NOTED: Transition(ANY_STAYS, needs_reason=True, rests=True),
    StepKind.LIFTED: Transition(ELSEWHERE, needs_reason=True, tells=True, moves=True),
    StepKind.HANDED_DOWN: Transition(ELSEWHERE, needs_reason=True, tells=True, moves=True),
    StepKind.CARRIED_OVER: Transition(OPEN_STAYS, rests=True),
    StepKind.RESPONSIBLE: Transition(OPEN_STAYS),
    StepKind.ACTING: Transition(
        {S.RAISED: (S.ACTING,), S.HANDLED: (S.ACTING,), S.ACTING: (S.ACTING,)},
        tells=True,
    ),
    StepKind.ACTION_ENDED: Transition({S.ACTING: (S.HANDLED, S.ACTING)}),  # handled when it was the last
    StepKind.DONE: Transition(
        {S.RAISED: (S.DONE,), S.HANDLED: (S.DONE,), S.ACTING: (S.DONE,)}, needs_reason=True, tells=True
    ),
    StepKind.WRITTEN_OFF: Transition(
        {S.RAISED: (S.WRITTEN_OFF,), S.HANDLED: (S.WRITTEN_OFF,), S.ACTING: (S.WRITTEN_OFF,)},
        needs_reason=True,
        tells=True,
    ),
    StepKind.ASKED: Transition({S.DONE: (S.DONE,)}, rests=True),
    StepKind.ANSWERED: Transition({S.DONE: (S.DONE,)}),
    StepKind.REOPENED: Transition({S.DONE: (S.RAISED,), S.WRITTEN_OFF: (S.RAISED,)}, needs_reason=True, tells=True),
    StepKind.CHANGED: Transition(OPEN_STAYS),
    StepKind.MERGED: Transition(  # of the one that remains, whose actions come along; the other is written off
        {S.RAISED: (S.RAISED, S.ACTING), S.HANDLED: (S.HANDLED, S.ACTING), S.ACTING: (S.ACTING,)}
    ),
}


def may_follow(kind: StepKind, state: str) -> bool:
    """Whether a step of this kind may be taken in this state."""
    return MatterState(state) in TRANSITIONS[kind].states


def next_states(kind: StepKind, state: str) -> tuple[MatterState, ...]:
    """The states that the step may lead to; empty if it may not be taken."""
    return TRANSITIONS[kind].states.get(MatterState(state), ())
