CREATE TABLE IF NOT EXISTS __migrations (
    "MigrationId" character varying(150) NOT NULL,
    "ProductVersion" character varying(32) NOT NULL,
    CONSTRAINT "PK___migrations" PRIMARY KEY ("MigrationId")
);

CREATE TABLE access_tokens (
    id uuid NOT NULL,
    hash text NOT NULL,
    person text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT "PK_access_tokens" PRIMARY KEY (id)
);

CREATE TABLE audit_events (
    number bigint GENERATED ALWAYS AS IDENTITY,
    at timestamp with time zone NOT NULL,
    actor text NOT NULL,
    action text NOT NULL,
    subject text NOT NULL,
    owner text,
    summary text NOT NULL,
    canonical text NOT NULL,
    hash text NOT NULL,
    CONSTRAINT "PK_audit_events" PRIMARY KEY (number)
);

CREATE TABLE catalog_entities (
    id uuid NOT NULL,
    key text NOT NULL,
    kind text NOT NULL,
    namespace text NOT NULL,
    name text NOT NULL,
    title text,
    description text,
    owner text,
    type text,
    lifecycle text,
    system text,
    tags text[] NOT NULL,
    descriptor jsonb NOT NULL,
    source_text text NOT NULL,
    location text NOT NULL,
    provider text,
    repository text,
    run_id uuid,
    template text,
    template_source text,
    template_commit text,
    template_tree_hash text,
    template_inputs jsonb,
    is_sample boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT "PK_catalog_entities" PRIMARY KEY (id)
);

CREATE TABLE catalog_relations (
    source text NOT NULL,
    type text NOT NULL,
    target text NOT NULL,
    stated boolean NOT NULL,
    CONSTRAINT "PK_catalog_relations" PRIMARY KEY (source, type, target)
);

CREATE TABLE deployments (
    id uuid NOT NULL,
    environment_id text NOT NULL,
    pipeline_run_id text NOT NULL,
    commit text NOT NULL,
    status text NOT NULL,
    message text,
    by text NOT NULL,
    started_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    CONSTRAINT "PK_deployments" PRIMARY KEY (id)
);

CREATE TABLE drafts (
    id uuid NOT NULL,
    person text NOT NULL,
    template text NOT NULL,
    reviewed_tree_hash text,
    values jsonb NOT NULL,
    page integer NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT "PK_drafts" PRIMARY KEY (id)
);

CREATE TABLE environments (
    id text NOT NULL,
    name text NOT NULL,
    component text NOT NULL,
    owner text NOT NULL,
    type text NOT NULL,
    size text NOT NULL,
    provider text NOT NULL,
    repository text NOT NULL,
    follows_default_branch boolean NOT NULL,
    status text NOT NULL,
    url text,
    commit text,
    pipeline_run_id text,
    message text,
    restarts integer NOT NULL,
    reason text,
    created_by text NOT NULL,
    run_id uuid NOT NULL,
    price_per_hour numeric(20,8) NOT NULL,
    currency text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone,
    destroyed_at timestamp with time zone,
    CONSTRAINT "PK_environments" PRIMARY KEY (id)
);

CREATE TABLE pipeline_runs (
    provider text NOT NULL,
    id text NOT NULL,
    repository text NOT NULL,
    number integer NOT NULL,
    branch text NOT NULL,
    commit text NOT NULL,
    status text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    data text NOT NULL,
    CONSTRAINT "PK_pipeline_runs" PRIMARY KEY (provider, id)
);

CREATE TABLE role_grants (
    id uuid NOT NULL,
    subject text NOT NULL,
    role text NOT NULL,
    scope text NOT NULL,
    CONSTRAINT "PK_role_grants" PRIMARY KEY (id)
);

CREATE TABLE role_permissions (
    role text NOT NULL,
    permission text NOT NULL,
    CONSTRAINT "PK_role_permissions" PRIMARY KEY (role, permission)
);

CREATE TABLE runs (
    id uuid NOT NULL,
    title text NOT NULL,
    template text,
    template_source text,
    template_commit text,
    template_tree_hash text,
    spec jsonb NOT NULL,
    values jsonb NOT NULL,
    secrets bytea,
    plan_hash text,
    status text NOT NULL,
    token bigint NOT NULL,
    attempt integer NOT NULL,
    cancel_requested boolean NOT NULL,
    last_event bigint NOT NULL,
    created_by text NOT NULL,
    owner text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    started_at timestamp with time zone,
    finished_at timestamp with time zone,
    failure text,
    output jsonb,
    CONSTRAINT "PK_runs" PRIMARY KEY (id)
);

CREATE TABLE template_trees (
    hash text NOT NULL,
    archive bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT "PK_template_trees" PRIMARY KEY (hash)
);

CREATE TABLE usage_intervals (
    id uuid NOT NULL,
    environment_id text NOT NULL,
    component text NOT NULL,
    owner text NOT NULL,
    size text NOT NULL,
    price_per_hour numeric(20,8) NOT NULL,
    currency text NOT NULL,
    "from" timestamp with time zone NOT NULL,
    "to" timestamp with time zone,
    CONSTRAINT "PK_usage_intervals" PRIMARY KEY (id)
);

CREATE TABLE journal (
    run_id uuid NOT NULL,
    step_id text NOT NULL,
    iteration integer NOT NULL,
    name text NOT NULL,
    "order" integer NOT NULL,
    kind text NOT NULL,
    version integer NOT NULL,
    provider text NOT NULL,
    arguments jsonb NOT NULL,
    summary text NOT NULL,
    state text NOT NULL,
    result jsonb,
    before jsonb,
    deadline timestamp with time zone NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT "PK_journal" PRIMARY KEY (run_id, step_id, iteration, name),
    CONSTRAINT "FK_journal_runs_run_id" FOREIGN KEY (run_id) REFERENCES runs (id) ON DELETE CASCADE
);

CREATE TABLE run_events (
    run_id uuid NOT NULL,
    number bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    type text NOT NULL,
    step_id text,
    status text,
    message text NOT NULL,
    CONSTRAINT "PK_run_events" PRIMARY KEY (run_id, number),
    CONSTRAINT "FK_run_events_runs_run_id" FOREIGN KEY (run_id) REFERENCES runs (id) ON DELETE CASCADE
);

CREATE TABLE run_steps (
    run_id uuid NOT NULL,
    position integer NOT NULL,
    step_id text NOT NULL,
    name text NOT NULL,
    action text NOT NULL,
    status text NOT NULL,
    started_at timestamp with time zone,
    finished_at timestamp with time zone,
    output jsonb,
    CONSTRAINT "PK_run_steps" PRIMARY KEY (run_id, position),
    CONSTRAINT "FK_run_steps_runs_run_id" FOREIGN KEY (run_id) REFERENCES runs (id) ON DELETE CASCADE
);

CREATE TABLE run_workspaces (
    run_id uuid NOT NULL,
    archive bytea NOT NULL,
    CONSTRAINT "PK_run_workspaces" PRIMARY KEY (run_id),
    CONSTRAINT "FK_run_workspaces_runs_run_id" FOREIGN KEY (run_id) REFERENCES runs (id) ON DELETE CASCADE
);

INSERT INTO role_grants (id, role, scope, subject)
VALUES ('018f0000-0000-7000-8000-000000000001', 'member', '*', '*');
INSERT INTO role_grants (id, role, scope, subject)
VALUES ('018f0000-0000-7000-8000-000000000002', 'owner', 'owned', '*');
INSERT INTO role_grants (id, role, scope, subject)
VALUES ('018f0000-0000-7000-8000-000000000003', 'platform', '*', 'group:default/platform');

INSERT INTO role_permissions (permission, role)
VALUES ('activity.read', 'member');
INSERT INTO role_permissions (permission, role)
VALUES ('catalog.read', 'member');
INSERT INTO role_permissions (permission, role)
VALUES ('cost.read', 'member');
INSERT INTO role_permissions (permission, role)
VALUES ('environment.read', 'member');
INSERT INTO role_permissions (permission, role)
VALUES ('pipeline.read', 'member');
INSERT INTO role_permissions (permission, role)
VALUES ('repository.read', 'member');
INSERT INTO role_permissions (permission, role)
VALUES ('run.read', 'member');
INSERT INTO role_permissions (permission, role)
VALUES ('template.read', 'member');
INSERT INTO role_permissions (permission, role)
VALUES ('template.run', 'member');
INSERT INTO role_permissions (permission, role)
VALUES ('catalog.change', 'owner');
INSERT INTO role_permissions (permission, role)
VALUES ('environment.change', 'owner');
INSERT INTO role_permissions (permission, role)
VALUES ('pipeline.change', 'owner');
INSERT INTO role_permissions (permission, role)
VALUES ('repository.push', 'owner');
INSERT INTO role_permissions (permission, role)
VALUES ('run.change', 'owner');
INSERT INTO role_permissions (permission, role)
VALUES ('activity.read', 'platform');
INSERT INTO role_permissions (permission, role)
VALUES ('catalog.change', 'platform');
INSERT INTO role_permissions (permission, role)
VALUES ('catalog.read', 'platform');
INSERT INTO role_permissions (permission, role)
VALUES ('cost.read', 'platform');
INSERT INTO role_permissions (permission, role)
VALUES ('environment.change', 'platform');
INSERT INTO role_permissions (permission, role)
VALUES ('environment.read', 'platform');
INSERT INTO role_permissions (permission, role)
VALUES ('pipeline.change', 'platform');
INSERT INTO role_permissions (permission, role)
VALUES ('pipeline.read', 'platform');
INSERT INTO role_permissions (permission, role)
VALUES ('portal.administer', 'platform');
INSERT INTO role_permissions (permission, role)
VALUES ('repository.push', 'platform');
INSERT INTO role_permissions (permission, role)
VALUES ('repository.read', 'platform');
INSERT INTO role_permissions (permission, role)
VALUES ('run.change', 'platform');
INSERT INTO role_permissions (permission, role)
VALUES ('run.read', 'platform');
INSERT INTO role_permissions (permission, role)
VALUES ('template.read', 'platform');
INSERT INTO role_permissions (permission, role)
VALUES ('template.run', 'platform');

CREATE UNIQUE INDEX "IX_access_tokens_hash" ON access_tokens (hash);

CREATE INDEX "IX_audit_events_at" ON audit_events (at);

CREATE INDEX "IX_audit_events_owner" ON audit_events (owner);

CREATE INDEX "IX_audit_events_subject" ON audit_events (subject);

CREATE UNIQUE INDEX "IX_catalog_entities_key" ON catalog_entities (key);

CREATE INDEX "IX_catalog_entities_kind_name" ON catalog_entities (kind, name);

CREATE INDEX "IX_catalog_entities_owner" ON catalog_entities (owner);

CREATE INDEX "IX_catalog_entities_repository" ON catalog_entities (repository);

CREATE INDEX "IX_catalog_relations_target" ON catalog_relations (target);

CREATE UNIQUE INDEX "IX_deployments_environment_id_pipeline_run_id" ON deployments (environment_id, pipeline_run_id);

CREATE INDEX "IX_deployments_environment_id_started_at" ON deployments (environment_id, started_at);

CREATE INDEX "IX_drafts_person_template" ON drafts (person, template);

CREATE UNIQUE INDEX "IX_environments_component_name" ON environments (component, name) WHERE destroyed_at is null;

CREATE INDEX "IX_environments_expires_at" ON environments (expires_at);

CREATE INDEX "IX_environments_repository" ON environments (repository);

CREATE INDEX "IX_pipeline_runs_repository_created_at" ON pipeline_runs (repository, created_at);

CREATE UNIQUE INDEX "IX_role_grants_subject_role_scope" ON role_grants (subject, role, scope);

CREATE INDEX "IX_runs_created_at" ON runs (created_at);

CREATE INDEX "IX_runs_status" ON runs (status) WHERE status in ('Queued', 'Running');

CREATE INDEX "IX_runs_template" ON runs (template);

CREATE INDEX "IX_usage_intervals_component_from" ON usage_intervals (component, "from");

CREATE UNIQUE INDEX ix_usage_intervals_running ON usage_intervals (environment_id) WHERE "to" is null;

INSERT INTO __migrations ("MigrationId", "ProductVersion")
VALUES ('20261121023902_Initial', '10.0.15');

DROP INDEX "IX_runs_status";

ALTER TABLE runs ADD held_by uuid;

ALTER TABLE runs ADD secret_names text[] NOT NULL DEFAULT ARRAY[]::text[];

ALTER TABLE runs ADD undo_by text;

ALTER TABLE runs ADD wait jsonb;

ALTER TABLE runs ADD wake_at timestamp with time zone;

ALTER TABLE journal ADD held_by uuid;

CREATE TABLE data_protection_keys (
    id uuid NOT NULL,
    friendly_name text NOT NULL,
    xml text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT "PK_data_protection_keys" PRIMARY KEY (id)
);

CREATE TABLE replicas (
    incarnation uuid NOT NULL,
    name text NOT NULL,
    host text NOT NULL,
    process_id integer NOT NULL,
    version text NOT NULL,
    started_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    CONSTRAINT "PK_replicas" PRIMARY KEY (incarnation)
);

CREATE TABLE run_signals (
    run_id uuid NOT NULL,
    key text NOT NULL,
    outcome text NOT NULL,
    at timestamp with time zone NOT NULL,
    by text,
    comment text,
    data jsonb,
    CONSTRAINT "PK_run_signals" PRIMARY KEY (run_id, key),
    CONSTRAINT "FK_run_signals_runs_run_id" FOREIGN KEY (run_id) REFERENCES runs (id) ON DELETE CASCADE
);

CREATE INDEX "IX_runs_status" ON runs (status) WHERE status in ('Queued', 'Running', 'Waiting', 'Undoing');

INSERT INTO __migrations ("MigrationId", "ProductVersion")
VALUES ('20261125145845_DurableRuns', '10.0.15');

ALTER TABLE environments ADD adopted_from text;

ALTER TABLE environments ADD definition text;

ALTER TABLE environments ADD repository_provider text NOT NULL DEFAULT 'local';

CREATE TABLE billed_days (
    provider text NOT NULL,
    day date NOT NULL,
    scope text NOT NULL,
    service text NOT NULL,
    currency text NOT NULL,
    amount numeric(20,8) NOT NULL,
    environment_id text,
    component text,
    owner text,
    read_at timestamp with time zone NOT NULL,
    CONSTRAINT "PK_billed_days" PRIMARY KEY (provider, day, scope, service, currency)
);

CREATE TABLE found_repositories (
    provider text NOT NULL,
    repository text NOT NULL,
    web_url text NOT NULL,
    default_branch text NOT NULL,
    description text,
    is_archived boolean NOT NULL,
    head_commit text,
    descriptor_path text,
    problem text,
    proposed_owner text,
    proposed_owner_is_team boolean NOT NULL,
    proposed_owner_reason text,
    pull_request_url text,
    seen_at timestamp with time zone NOT NULL,
    CONSTRAINT "PK_found_repositories" PRIMARY KEY (provider, repository)
);

CREATE TABLE webhook_deliveries (
    id uuid NOT NULL,
    provider text NOT NULL,
    delivery_id text NOT NULL,
    event text NOT NULL,
    payload text NOT NULL,
    received_at timestamp with time zone NOT NULL,
    status text NOT NULL,
    attempts integer NOT NULL,
    problem text,
    next_attempt_at timestamp with time zone,
    handled_at timestamp with time zone,
    CONSTRAINT "PK_webhook_deliveries" PRIMARY KEY (id)
);

CREATE INDEX "IX_billed_days_day" ON billed_days (day);

CREATE INDEX "IX_billed_days_environment_id" ON billed_days (environment_id);

CREATE UNIQUE INDEX "IX_webhook_deliveries_provider_delivery_id" ON webhook_deliveries (provider, delivery_id);

CREATE INDEX "IX_webhook_deliveries_status_received_at" ON webhook_deliveries (status, received_at);

INSERT INTO __migrations ("MigrationId", "ProductVersion")
VALUES ('20261125180927_GitHubAndAzure', '10.0.15');

ALTER TABLE environments ADD is_reserved boolean NOT NULL DEFAULT FALSE;

CREATE TABLE clock_anchors (
    boot text NOT NULL,
    database_at timestamp with time zone NOT NULL,
    uptime_seconds double precision NOT NULL,
    believed_from double precision,
    CONSTRAINT "PK_clock_anchors" PRIMARY KEY (boot)
);

CREATE TABLE host_differences (
    provider text NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    message text NOT NULL,
    found_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    CONSTRAINT "PK_host_differences" PRIMARY KEY (provider, kind, name)
);

do $$ begin
    create unique index "IX_environments_provider_adopted_from" on environments (provider, adopted_from)
        where destroyed_at is null and adopted_from is not null;
exception when unique_violation then
    raise warning 'something is adopted twice: the index on environments (provider, adopted_from) is not made';
end $$;

INSERT INTO __migrations ("MigrationId", "ProductVersion")
VALUES ('20261130161048_ClocksAndReservations', '10.0.15');

ALTER TABLE access_tokens ADD ends_at timestamp with time zone NOT NULL DEFAULT (now() + interval '90 days');

ALTER TABLE access_tokens ADD last_used_at timestamp with time zone;

ALTER TABLE access_tokens ADD name text NOT NULL DEFAULT '';

ALTER TABLE access_tokens ADD person_id uuid;

update access_tokens t set person_id = e.id from catalog_entities e where e.key = lower(t.person);

CREATE TABLE sessions (
    id text NOT NULL,
    person text NOT NULL,
    person_id uuid NOT NULL,
    ticket bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    CONSTRAINT "PK_sessions" PRIMARY KEY (id)
);

CREATE INDEX "IX_sessions_expires_at" ON sessions (expires_at);

INSERT INTO __migrations ("MigrationId", "ProductVersion")
VALUES ('20261130161105_SignedIn', '10.0.15');

alter table catalog_entities alter column source_text set default '';

ALTER TABLE catalog_entities ADD file_id uuid;

ALTER TABLE catalog_entities ADD file_length integer;

ALTER TABLE catalog_entities ADD file_start integer;

CREATE TABLE descriptor_files (
    id uuid NOT NULL,
    text text NOT NULL,
    hash text NOT NULL,
    includes text[],
    CONSTRAINT "PK_descriptor_files" PRIMARY KEY (id)
);

CREATE INDEX "IX_catalog_entities_file_id" ON catalog_entities (file_id);

CREATE INDEX "IX_catalog_entities_location" ON catalog_entities USING hash (location);

ALTER TABLE catalog_entities ADD CONSTRAINT "FK_catalog_entities_descriptor_files_file_id" FOREIGN KEY (file_id) REFERENCES descriptor_files (id) ON DELETE SET NULL;

create temporary table moved_texts on commit drop as
select id as entity_id, encode(sha256(convert_to(source_text, 'UTF8')), 'hex') as hash
from catalog_entities where source_text <> '';

insert into descriptor_files (id, text, hash, includes)
select gen_random_uuid(), e.source_text, m.hash, case when strpos(e.source_text, '$text') = 0 then '{}'::text[] end
from (select hash, min(entity_id::text)::uuid as entity_id from moved_texts group by hash) m
join catalog_entities e on e.id = m.entity_id;

update catalog_entities e set file_id = f.id, source_text = ''
from moved_texts m join descriptor_files f on f.hash = m.hash
where e.id = m.entity_id;

INSERT INTO __migrations ("MigrationId", "ProductVersion")
VALUES ('20261130170312_DescriptorFiles', '10.0.15');

ALTER TABLE runs ADD retried_by text;

INSERT INTO __migrations ("MigrationId", "ProductVersion")
VALUES ('20261130174317_RunRetriedBy', '10.0.15');

ALTER TABLE pipeline_runs ADD artifacts text[] NOT NULL DEFAULT ARRAY[]::text[];

update pipeline_runs set artifacts = names.left_by_it
from (select provider, id, array_agg(a->>'name') as left_by_it
      from pipeline_runs, jsonb_array_elements(case when data like '%\u0000%' then null else data::jsonb->'artifacts' end) a
      group by provider, id) names
where pipeline_runs.provider = names.provider and pipeline_runs.id = names.id;

CREATE TABLE repositories (
    provider text NOT NULL,
    name text NOT NULL,
    default_branch text NOT NULL,
    head_commit text,
    owner text,
    web_url text,
    seen_at timestamp with time zone NOT NULL,
    CONSTRAINT "PK_repositories" PRIMARY KEY (provider, name)
);

INSERT INTO __migrations ("MigrationId", "ProductVersion")
VALUES ('20261130201059_Repositories', '10.0.15');

ALTER TABLE runs ADD made_of_secrets bytea;

INSERT INTO __migrations ("MigrationId", "ProductVersion")
VALUES ('20261130201902_SecretsMadeOfRuns', '10.0.15');

ALTER TABLE runs ADD approvers text[];

update runs set approvers = coalesce((
  select array_agg(distinct
    case when strpos(a, ':') > 0 then split_part(a, ':', 1) else 'group' end || ':' ||
    case when strpos(a, '/') > 0 then split_part(split_part(a, '/', 1), ':', case when strpos(a, ':') > 0 then 2 else 1 end) else 'default' end || '/' ||
    case when strpos(a, '/') > 0 then split_part(a, '/', 2) when strpos(a, ':') > 0 then split_part(a, ':', 2) else a end)
  from (select lower(trim(value)) from jsonb_array_elements_text(wait->'approvers')) as said (a)
  where a <> ''), '{}')
where status = 'Waiting' and wait->>'kind' = 'approval';

CREATE INDEX "IX_usage_intervals_owner_from" ON usage_intervals (owner, "from");

CREATE INDEX "IX_usage_intervals_to" ON usage_intervals ("to");

CREATE INDEX "IX_runs_approvers" ON runs USING gin (approvers) WHERE status = 'Waiting';

INSERT INTO __migrations ("MigrationId", "ProductVersion")
VALUES ('20261130204544_OwnersAndApprovers', '10.0.15');

ALTER TABLE environments ADD is_released boolean NOT NULL DEFAULT FALSE;

ALTER TABLE audit_events ADD state text;

ALTER TABLE audit_events ADD topic text;

update environments set is_released = true
where status = 'Destroyed' and adopted_from is not null and message = 'It was given back and goes on running, without the portal.';

CREATE INDEX "IX_audit_events_topic_number" ON audit_events (topic, number) WHERE topic is not null;

INSERT INTO __migrations ("MigrationId", "ProductVersion")
VALUES ('20261130205747_ReportedFacts', '10.0.15');

ALTER TABLE pipeline_runs ADD repository_id uuid;

ALTER TABLE found_repositories ADD repository_id uuid;

ALTER TABLE environments ADD repository_id uuid;

ALTER TABLE catalog_entities ADD repository_id uuid;

ALTER TABLE catalog_entities ADD repository_path text;

CREATE TABLE known_repositories (
    id uuid NOT NULL,
    provider text NOT NULL,
    host_id text,
    name text NOT NULL,
    former_names text[] NOT NULL,
    named_at timestamp with time zone NOT NULL,
    default_branch text NOT NULL,
    head_commit text,
    owner text,
    web_url text,
    first_seen_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    gone_at timestamp with time zone,
    is_deleted boolean NOT NULL,
    CONSTRAINT "PK_known_repositories" PRIMARY KEY (id)
);

CREATE INDEX "IX_pipeline_runs_repository_id_created_at" ON pipeline_runs (repository_id, created_at);

CREATE INDEX "IX_found_repositories_repository_id" ON found_repositories (repository_id);

CREATE INDEX "IX_environments_repository_id" ON environments (repository_id);

CREATE INDEX "IX_catalog_entities_repository_id" ON catalog_entities (repository_id);

CREATE INDEX "IX_known_repositories_former_names" ON known_repositories USING gin (former_names);

CREATE UNIQUE INDEX "IX_known_repositories_provider_host_id" ON known_repositories (provider, host_id) WHERE host_id is not null;

CREATE UNIQUE INDEX "IX_known_repositories_provider_name" ON known_repositories (provider, name) WHERE gone_at is null;

-- What a name means now: who is called so, else who was called so last.
create function find_repository(of_provider text, called text) returns uuid language sql stable as $$
  select id from known_repositories
  where provider = of_provider and gone_at is null and (lower(name) = lower(called) or former_names @> array[called])
  order by name = called desc, lower(name) = lower(called) desc, named_at desc, id desc
  limit 1
$$;

create index "IX_known_repositories_provider_lower" on known_repositories (provider, lower(name)) where gone_at is null;

-- A row that names a repository refers to it. Its copy of the name is always the repository's.
create function refer_to_repository() returns trigger language plpgsql as $$
declare
  of_provider text;
begin
  execute format('select ($1).%I', tg_argv[0]) using new into of_provider;
  if new.repository is null or of_provider is null then
    new.repository_id := null;
    return new;
  end if;
  if new.repository_id is null then
    new.repository_id := find_repository(of_provider, new.repository);
  end if;
  if new.repository_id is null then
    insert into known_repositories (id, provider, name, former_names, named_at, default_branch, first_seen_at, seen_at, is_deleted)
    values (gen_random_uuid(), of_provider, new.repository, '{}', to_timestamp(0), '', now(), to_timestamp(0), false)
    on conflict do nothing returning id into new.repository_id;
  end if;
  if new.repository_id is null then
    new.repository_id := find_repository(of_provider, new.repository);
  end if;
  select name into new.repository from known_repositories where id = new.repository_id;
  return new;
end
$$;

-- What came by name alone while it was thought to be another.
create function merge_repositories(alias uuid, into_one uuid) returns void language sql as $$
  delete from found_repositories where repository_id = alias;
  update catalog_entities set repository_id = into_one where repository_id = alias;
  update pipeline_runs set repository_id = into_one where repository_id = alias;
  update environments set repository_id = into_one where repository_id = alias;
  delete from known_repositories where id = alias;
$$;

insert into known_repositories (
  id, provider, name, former_names, named_at, default_branch, head_commit, owner, web_url, first_seen_at, seen_at, is_deleted)
select gen_random_uuid(), named.provider, named.name, '{}', to_timestamp(0), coalesce(seen.default_branch, ''), seen.head_commit,
  seen.owner, seen.web_url, now(), coalesce(seen.seen_at, to_timestamp(0)), false
from (
  select provider, name from repositories
  union select provider, repository from catalog_entities where provider is not null and repository is not null
  union select provider, repository from pipeline_runs
  union select repository_provider, repository from environments
  union select provider, repository from found_repositories) named
left join repositories seen on seen.provider = named.provider and seen.name = named.name;

update catalog_entities e set repository_id = r.id from known_repositories r where r.provider = e.provider and r.name = e.repository;
update pipeline_runs p set repository_id = r.id from known_repositories r where r.provider = p.provider and r.name = p.repository;
update environments e set repository_id = r.id from known_repositories r
  where r.provider = e.repository_provider and r.name = e.repository;
update found_repositories f set repository_id = r.id from known_repositories r where r.provider = f.provider and r.name = f.repository;

-- …/shop/orders/catalog-info.yaml, …/shop/orders.git/catalog-info.yaml, …/shop/orders/blob/main/catalog-info.yaml
update catalog_entities c set repository_path = files.path
from (
  select e.id, regexp_replace(
    substr(e.location, strpos(lower(e.location), mark) + length(mark)), '^(blob|tree|raw)/[^/]+/', '') as path
  from catalog_entities e cross join (values ('/'), ('.git/')) ends(ending)
  cross join lateral (select '/' || lower(e.repository) || ending as mark) marks
  where e.repository is not null and strpos(lower(e.location), mark) > 0) files
where files.id = c.id;

-- A name is changed once, in the repository's own row.
alter table known_repositories add constraint "AK_known_repositories_id_name" unique (id, name);
alter table catalog_entities add constraint "FK_catalog_entities_known_repositories"
  foreign key (repository_id, repository) references known_repositories (id, name) on update cascade;
alter table pipeline_runs add constraint "FK_pipeline_runs_known_repositories"
  foreign key (repository_id, repository) references known_repositories (id, name) on update cascade;
alter table environments add constraint "FK_environments_known_repositories"
  foreign key (repository_id, repository) references known_repositories (id, name) on update cascade;
alter table found_repositories add constraint "FK_found_repositories_known_repositories"
  foreign key (repository_id, repository) references known_repositories (id, name) on update cascade;

create trigger refer_to_repository before insert or update of repository_id, repository on catalog_entities
  for each row execute function refer_to_repository('provider');
create trigger refer_to_repository before insert or update of repository_id, repository on pipeline_runs
  for each row execute function refer_to_repository('provider');
create trigger refer_to_repository before insert or update of repository_id, repository on environments
  for each row execute function refer_to_repository('repository_provider');
create trigger refer_to_repository before insert or update of repository_id, repository on found_repositories
  for each row execute function refer_to_repository('provider');

INSERT INTO __migrations ("MigrationId", "ProductVersion")
VALUES ('20261130233749_KnownRepositories', '10.0.15');

ALTER TABLE runs ADD subject text;

ALTER TABLE deployments ADD try_again boolean NOT NULL DEFAULT FALSE;

CREATE INDEX "IX_runs_subject_created_at" ON runs (subject, created_at) WHERE subject is not null;

CREATE UNIQUE INDEX ix_runs_subject_under_way ON runs (subject) WHERE subject is not null and status in ('Queued', 'Running', 'Waiting', 'Undoing');

INSERT INTO __migrations ("MigrationId", "ProductVersion")
VALUES ('20261130233935_RunSubjects', '10.0.15');

ALTER TABLE runs ADD cause text;

ALTER TABLE runs ADD names text[] NOT NULL DEFAULT ('{}'::text[]);

CREATE INDEX "IX_runs_names" ON runs USING gin (names) WHERE status in ('Queued', 'Running', 'Waiting', 'Undoing');

INSERT INTO __migrations ("MigrationId", "ProductVersion")
VALUES ('20261201023622_RunNames', '10.0.15');

CREATE TABLE join_requests (
    id uuid NOT NULL,
    team_id uuid NOT NULL,
    person_id uuid NOT NULL,
    message text NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    answered_at timestamp with time zone,
    answered_by text,
    is_accepted boolean,
    CONSTRAINT "PK_join_requests" PRIMARY KEY (id),
    CONSTRAINT "FK_join_requests_catalog_entities_person_id" FOREIGN KEY (person_id) REFERENCES catalog_entities (id) ON DELETE CASCADE,
    CONSTRAINT "FK_join_requests_catalog_entities_team_id" FOREIGN KEY (team_id) REFERENCES catalog_entities (id) ON DELETE CASCADE
);

CREATE TABLE set_up_keys (
    hash text NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    CONSTRAINT "PK_set_up_keys" PRIMARY KEY (hash)
);

CREATE INDEX "IX_join_requests_person_id" ON join_requests (person_id);

CREATE UNIQUE INDEX "IX_join_requests_team_id_person_id" ON join_requests (team_id, person_id) WHERE answered_at is null;

INSERT INTO __migrations ("MigrationId", "ProductVersion")
VALUES ('20261201093613_JoinRequests', '10.0.15');

