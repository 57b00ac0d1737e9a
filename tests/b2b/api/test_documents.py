import pytest

from b2b.models import JournalEntry
from tests.factories.b2b import MembershipFactory, OrganisationFactory
from tests.sample.models import Memo

pytestmark = pytest.mark.django_db


@pytest.fixture
def membership():
    return MembershipFactory()


@pytest.fixture
def api(client_for, membership):
    return client_for(membership.user, membership.organisation)


@pytest.fixture
def memo(api):
    sent = {"text": "Hello", "lines": [{"number": 1, "text": "One"}]}
    return api.post("/api/v1/memos/", sent).json()


def test_creating_answers_with_the_document_its_address_and_its_version(api):
    answer = api.post("/api/v1/memos/", {"text": "Hello", "lines": [{"number": 1, "text": "One"}]})

    assert answer.status_code == 201, answer.content
    assert answer["ETag"] == '"v1"'
    assert answer["Location"] == f"/api/v1/memos/{answer.json()['id']}/"
    assert answer.json()["lines"] == [{"number": 1, "text": "One"}]
    assert [step["name"] for step in answer.json()["steps"]] == ["submit", "cancel"]


def test_a_step_is_taken_and_journalled(api, memo):
    answer = api.post(memo["steps"][0]["url"])

    assert answer.status_code == 200, answer.content
    assert answer.json()["state"] == "submitted"
    assert answer["ETag"] == '"v2"'
    assert JournalEntry.objects.filter(document_id=memo["id"]).count() == 2


def test_a_list_holds_rows(api, memo):
    answer = api.get("/api/v1/memos/")

    assert answer.status_code == 200, answer.content
    assert [row["id"] for row in answer.json()["results"]] == [memo["id"]]
    assert "steps" not in answer.json()["results"][0]


def test_the_journal_tells_the_life(api, memo):
    answer = api.get(memo["links"]["journal"])

    assert answer.status_code == 200, answer.content
    assert [entry["step"] for entry in answer.json()["results"]] == ["create"]


def test_a_stranger_finds_nothing(client_for, memo):
    stranger = MembershipFactory(organisation=OrganisationFactory())
    api = client_for(stranger.user)

    assert api.get(f"/api/v1/memos/{memo['id']}/").status_code == 404
    assert api.post(f"/api/v1/memos/{memo['id']}/submit/").status_code == 404
    assert Memo.objects.get().state == "draft"
