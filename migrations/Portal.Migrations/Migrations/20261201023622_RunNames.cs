using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Migrations.Migrations
{
    /// <inheritdoc />
    public partial class RunNames : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "cause",
                table: "runs",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string[]>(
                name: "names",
                table: "runs",
                type: "text[]",
                nullable: false,
                defaultValueSql: "'{}'::text[]");

            migrationBuilder.CreateIndex(
                name: "IX_runs_names",
                table: "runs",
                column: "names",
                filter: "status in ('Queued', 'Running', 'Waiting', 'Undoing')")
                .Annotation("Npgsql:IndexMethod", "gin");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_runs_names",
                table: "runs");

            migrationBuilder.DropColumn(
                name: "cause",
                table: "runs");

            migrationBuilder.DropColumn(
                name: "names",
                table: "runs");
        }
    }
}
