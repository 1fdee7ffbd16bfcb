"""Why a command on a subject is refused."""

from domain.base.errors import Conflict


class SubjectIsErased(Conflict):
    """The person was erased: no new personal data is taken under that id."""

    code = "subject-erased"
    title = "The person was erased"
