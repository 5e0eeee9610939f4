package dev.gyre.registry.hub;

/// Why a Hub client gets nothing, in the words that Hub clients understand.
///
/// @param code value of `X-Error-Code`
/// @param commit the revision that was found, where one was: clients remember what is not in it
record HubRefusal(int status, String code, String message, String commit) {

    static HubRefusal noRepository(String repository) {
        return new HubRefusal(
                404,
                "RepoNotFound",
                "no model %s in a workspace of yours; GET /api/models lists them".formatted(repository),
                "");
    }

    static HubRefusal noLogin() {
        return new HubRefusal(
                401,
                "RepoNotFound",
                "Invalid credentials in Authorization header: send 'Authorization: Bearer TOKEN' with a fresh token, such as by HF_TOKEN",
                "");
    }

    static HubRefusal noRole() {
        return new HubRefusal(
                403, "GatedRepo", "your account may not pull models; ask the operator for the role 'service'", "");
    }

    static HubRefusal noRevision(String message) {
        return new HubRefusal(404, "RevisionNotFound", message, "");
    }

    static HubRefusal noEntry(String path, String commit) {
        return new HubRefusal(404, "EntryNotFound", "no file '%s' in this revision".formatted(path), commit);
    }
}
