-- Exports go through the tasks of a project page by page.
create index task_paged on task (project, position);
