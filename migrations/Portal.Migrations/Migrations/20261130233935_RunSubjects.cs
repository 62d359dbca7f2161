using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Migrations.Migrations
{
    /// <inheritdoc />
    public partial class RunSubjects : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "subject",
                table: "runs",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "try_again",
                table: "deployments",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.CreateIndex(
                name: "IX_runs_subject_created_at",
                table: "runs",
                columns: new[] { "subject", "created_at" },
                filter: "subject is not null");

            migrationBuilder.CreateIndex(
                name: "ix_runs_subject_under_way",
                table: "runs",
                column: "subject",
                unique: true,
                filter: "subject is not null and status in ('Queued', 'Running', 'Waiting', 'Undoing')");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_runs_subject_created_at",
                table: "runs");

            migrationBuilder.DropIndex(
                name: "ix_runs_subject_under_way",
                table: "runs");

            migrationBuilder.DropColumn(
                name: "subject",
                table: "runs");

            migrationBuilder.DropColumn(
                name: "try_again",
                table: "deployments");
        }
    }
}
