package dev.gyre.annotation.project;

/// Where projects are looked up.
public interface Projects {

    /// The project, if it is one of this workspace; otherwise the request ends with 404.
    Project require(String workspace, String id);
}
