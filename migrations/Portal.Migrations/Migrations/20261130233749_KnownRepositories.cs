using System;
using System.Collections.Generic;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Migrations.Migrations
{
    /// <inheritdoc />
    public partial class KnownRepositories : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // The table "repositories" stays: replicas of the release before go on using it, and the release after takes it away.
            migrationBuilder.AddColumn<Guid>(
                name: "repository_id",
                table: "pipeline_runs",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "repository_id",
                table: "found_repositories",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "repository_id",
                table: "environments",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "repository_id",
                table: "catalog_entities",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "repository_path",
                table: "catalog_entities",
                type: "text",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "known_repositories",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    provider = table.Column<string>(type: "text", nullable: false),
                    host_id = table.Column<string>(type: "text", nullable: true),
                    name = table.Column<string>(type: "text", nullable: false),
                    former_names = table.Column<List<string>>(type: "text[]", nullable: false),
                    named_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    default_branch = table.Column<string>(type: "text", nullable: false),
                    head_commit = table.Column<string>(type: "text", nullable: true),
                    owner = table.Column<string>(type: "text", nullable: true),
                    web_url = table.Column<string>(type: "text", nullable: true),
                    first_seen_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    seen_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    gone_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    is_deleted = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_known_repositories", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_pipeline_runs_repository_id_created_at",
                table: "pipeline_runs",
                columns: new[] { "repository_id", "created_at" });

            migrationBuilder.CreateIndex(
                name: "IX_found_repositories_repository_id",
                table: "found_repositories",
                column: "repository_id");

            migrationBuilder.CreateIndex(
                name: "IX_environments_repository_id",
                table: "environments",
                column: "repository_id");

            migrationBuilder.CreateIndex(
                name: "IX_catalog_entities_repository_id",
                table: "catalog_entities",
                column: "repository_id");

            migrationBuilder.CreateIndex(
                name: "IX_known_repositories_former_names",
                table: "known_repositories",
                column: "former_names")
                .Annotation("Npgsql:IndexMethod", "gin");

            migrationBuilder.CreateIndex(
                name: "IX_known_repositories_provider_host_id",
                table: "known_repositories",
                columns: new[] { "provider", "host_id" },
                unique: true,
                filter: "host_id is not null");

            migrationBuilder.CreateIndex(
                name: "IX_known_repositories_provider_name",
                table: "known_repositories",
                columns: new[] { "provider", "name" },
                unique: true,
                filter: "gone_at is null");

            migrationBuilder.Sql(
                """
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
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(
                """
                drop trigger refer_to_repository on catalog_entities;
                drop trigger refer_to_repository on pipeline_runs;
                drop trigger refer_to_repository on environments;
                drop trigger refer_to_repository on found_repositories;
                drop function refer_to_repository(), merge_repositories(uuid, uuid), find_repository(text, text);
                alter table catalog_entities drop constraint "FK_catalog_entities_known_repositories";
                alter table pipeline_runs drop constraint "FK_pipeline_runs_known_repositories";
                alter table environments drop constraint "FK_environments_known_repositories";
                alter table found_repositories drop constraint "FK_found_repositories_known_repositories";
                """);

            migrationBuilder.DropTable(
                name: "known_repositories");

            migrationBuilder.DropIndex(
                name: "IX_pipeline_runs_repository_id_created_at",
                table: "pipeline_runs");

            migrationBuilder.DropIndex(
                name: "IX_found_repositories_repository_id",
                table: "found_repositories");

            migrationBuilder.DropIndex(
                name: "IX_environments_repository_id",
                table: "environments");

            migrationBuilder.DropIndex(
                name: "IX_catalog_entities_repository_id",
                table: "catalog_entities");

            migrationBuilder.DropColumn(
                name: "repository_id",
                table: "pipeline_runs");

            migrationBuilder.DropColumn(
                name: "repository_id",
                table: "found_repositories");

            migrationBuilder.DropColumn(
                name: "repository_id",
                table: "environments");

            migrationBuilder.DropColumn(
                name: "repository_id",
                table: "catalog_entities");

            migrationBuilder.DropColumn(
                name: "repository_path",
                table: "catalog_entities");
        }
    }
}
