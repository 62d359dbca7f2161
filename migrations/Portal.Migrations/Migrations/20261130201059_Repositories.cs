using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Migrations.Migrations
{
    /// <inheritdoc />
    public partial class Repositories : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string[]>(
                name: "artifacts",
                table: "pipeline_runs",
                type: "text[]",
                nullable: false,
                defaultValue: new string[0]);

            migrationBuilder.Sql(
                """
                update pipeline_runs set artifacts = names.left_by_it
                from (select provider, id, array_agg(a->>'name') as left_by_it
                      from pipeline_runs, jsonb_array_elements(case when data like '%\u0000%' then null else data::jsonb->'artifacts' end) a
                      group by provider, id) names
                where pipeline_runs.provider = names.provider and pipeline_runs.id = names.id;
                """);

            migrationBuilder.CreateTable(
                name: "repositories",
                columns: table => new
                {
                    provider = table.Column<string>(type: "text", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    default_branch = table.Column<string>(type: "text", nullable: false),
                    head_commit = table.Column<string>(type: "text", nullable: true),
                    owner = table.Column<string>(type: "text", nullable: true),
                    web_url = table.Column<string>(type: "text", nullable: true),
                    seen_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_repositories", x => new { x.provider, x.name });
                });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "repositories");

            migrationBuilder.DropColumn(
                name: "artifacts",
                table: "pipeline_runs");
        }
    }
}
