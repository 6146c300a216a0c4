"""Assessments: only added, with what they rest on, and read by year."""

from __future__ import annotations

import pytest

from lagesbild.core.errors import UserError
from lagesbild.scenes import actions, queries
from lagesbild.scenes.models import Assessment, AssessmentAnswer, Evidence, EvidenceKind, Scene
from lagesbild.scenes.rule import Grade
from tests.cast import Cast
from tests.scenes.permissions import a_scene, an_assessment

pytestmark = pytest.mark.django_db


def table(scene: object) -> queries.ByYear:
    return queries.by_year(queries.assessments_of(scene), queries.focus_by_year(scene))  # type: ignore[arg-type]


def test_an_assessment_is_added_and_the_earlier_one_stays(cast: Cast) -> None:
    scene = a_scene(cast)
    an_assessment(cast, scene, 2024, *["yes"] * 7)
    an_assessment(cast, scene, 2024, *["no"] * 7)
    assert Assessment.objects.filter(scene=scene).count() == 2
    assert [cell.answer for _each, (cell,) in table(scene).rows] == ["no"] * 7


def test_what_nobody_answered_is_stored_as_unknown(cast: Cast) -> None:
    scene = a_scene(cast)
    an_assessment(cast, scene, 2024, "yes", "yes")
    assert AssessmentAnswer.objects.filter(answer="unknown").count() == 5
    [(year, count, grade)] = table(scene).sums
    assert (year, count) == (2024, "2–7")
    assert "–" in grade


def test_a_year_without_assessment_is_empty_and_not_a_no(cast: Cast) -> None:
    scene = a_scene(cast)
    an_assessment(cast, scene, 2022, *["yes"] * 7)
    an_assessment(cast, scene, 2024, *["no"] * 7)
    found = table(scene)
    assert found.years == (2022, 2023, 2024)
    assert [cell.answer for cell in found.rows[0][1]] == ["yes", "", "no"]
    assert [result and result.low for _year, result in found.results] == [Grade.ALL, None, Grade.BELOW]


def test_dissent_stands_beside_the_answer_and_does_not_change_it(cast: Cast) -> None:
    scene = a_scene(cast)
    answer = an_assessment(cast, scene, 2024, *["yes"] * 7).answers.get(indicator=4)
    actions.record_dissent(answer, says="partly", reason="Inga nya", organisation=cast.police, actor=cast.eva.user)
    [result] = [result for _year, result in table(scene).results]
    assert result is not None
    assert result.n_yes == 7
    assert table(scene).rows[3][1][0].n_dissents == 1
    with pytest.raises(UserError) as same:
        actions.record_dissent(answer, says="yes", reason="Ja", organisation=cast.police, actor=None)
    assert same.value.code == "scenes.dissent_same"


def test_evidence_is_kept_and_a_report_that_is_not_there_is_refused(cast: Cast) -> None:
    scene = a_scene(cast)
    interview = actions.EvidenceText(EvidenceKind.INTERVIEW, function="Fältassistent", text="Skolan avråder")
    said = {5: actions.AnswerText("yes", evidence=[interview])}
    actions.assess(scene, 2024, said, organisation=cast.municipality, actor=None)
    assert Evidence.objects.get().answer.indicator == 5
    report = actions.EvidenceText(EvidenceKind.REPORT, report_number=999)
    with pytest.raises(UserError, match="999"):
        actions.assess(
            scene,
            2024,
            {1: actions.AnswerText("yes", evidence=[report])},
            organisation=cast.municipality,
            actor=None,
        )
    assert Assessment.objects.count() == 1


def test_focus_is_one_or_two_indicators_with_a_reason(cast: Cast) -> None:
    scene = a_scene(cast)
    for wrong in ([], [1, 2, 3], [9]):
        with pytest.raises(UserError):
            actions.set_focus(scene, 2024, wrong, reason="Därför", actor=None)
    actions.set_focus(scene, 2024, [2, 6], reason="Tryggheten först", actor=None)
    actions.set_focus(scene, 2024, [6], reason="Smalare", actor=None)
    assert queries.focus_by_year(scene)[2024].indicators == [6]
    assert [cell.focused for _each, (cell,) in table(scene).rows] == [False] * 5 + [True, False]


def test_what_was_judged_is_told_by_scene_indicator_and_year_with_where_it_comes_from(cast: Cast) -> None:
    scene, other = a_scene(cast), a_scene(cast, "Parken")
    an_assessment(cast, scene, 2023, "no", "yes")
    an_assessment(cast, scene, 2024, "no")
    newest = an_assessment(cast, scene, 2024, "partly", "yes")
    an_assessment(cast, other, 2024, "yes")
    found = queries.judged_by_year(cast.anna, [scene])
    assert [(each.year, each.answer) for each in found if each.indicator == 1] == [(2023, "no"), (2024, "partly")]
    first = next(each for each in found if each.year == 2024)
    assert (first.scene, first.assessment) == (scene.pk, newest.pk)
    assert first.path.endswith(f"/scenes/{scene.pk}/#answer-{newest.answers.get(indicator=1).pk}")
    assert len(queries.judged_by_year(cast.anna)) == 21
    Scene.objects.filter(pk=other.pk).update(sharing="own")
    assert {each.scene for each in queries.judged_by_year(cast.bo)} == {scene.pk}
