package dev.gyre.annotation.project;

import java.util.List;

/// Where projects are made and looked up.
public interface Projects {

    /// Adds a project with a task for every sample that its source has already, in the running transaction if any.
    void add(Project project);

    /// The questions of a project in one of its versions.
    List<Question> questions(String project, int schemaVersion);

    /// The project, if it is one of this workspace; otherwise the request ends with 404.
    Project require(String workspace, String id);
}
