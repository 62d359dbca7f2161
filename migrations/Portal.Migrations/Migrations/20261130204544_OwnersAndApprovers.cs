using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Migrations.Migrations
{
    /// <inheritdoc />
    public partial class OwnersAndApprovers : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string[]>(
                name: "approvers",
                table: "runs",
                type: "text[]",
                nullable: true);

            // Templates write approvers as they like: kind and namespace are left out where they are "group" and "default".
            migrationBuilder.Sql("""
                update runs set approvers = coalesce((
                  select array_agg(distinct
                    case when strpos(a, ':') > 0 then split_part(a, ':', 1) else 'group' end || ':' ||
                    case when strpos(a, '/') > 0 then split_part(split_part(a, '/', 1), ':', case when strpos(a, ':') > 0 then 2 else 1 end) else 'default' end || '/' ||
                    case when strpos(a, '/') > 0 then split_part(a, '/', 2) when strpos(a, ':') > 0 then split_part(a, ':', 2) else a end)
                  from (select lower(trim(value)) from jsonb_array_elements_text(wait->'approvers')) as said (a)
                  where a <> ''), '{}')
                where status = 'Waiting' and wait->>'kind' = 'approval';
                """);

            migrationBuilder.CreateIndex(
                name: "IX_usage_intervals_owner_from",
                table: "usage_intervals",
                columns: new[] { "owner", "from" });

            migrationBuilder.CreateIndex(
                name: "IX_usage_intervals_to",
                table: "usage_intervals",
                column: "to");

            migrationBuilder.CreateIndex(
                name: "IX_runs_approvers",
                table: "runs",
                column: "approvers",
                filter: "status = 'Waiting'")
                .Annotation("Npgsql:IndexMethod", "gin");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_usage_intervals_owner_from",
                table: "usage_intervals");

            migrationBuilder.DropIndex(
                name: "IX_usage_intervals_to",
                table: "usage_intervals");

            migrationBuilder.DropIndex(
                name: "IX_runs_approvers",
                table: "runs");

            migrationBuilder.DropColumn(
                name: "approvers",
                table: "runs");
        }
    }
}
