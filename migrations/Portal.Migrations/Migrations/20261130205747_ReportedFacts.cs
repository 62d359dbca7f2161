using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Migrations.Migrations
{
    /// <inheritdoc />
    public partial class ReportedFacts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "is_released",
                table: "environments",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<string>(
                name: "state",
                table: "audit_events",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "topic",
                table: "audit_events",
                type: "text",
                nullable: true);

            // Until now only the sentence said it.
            migrationBuilder.Sql("""
                update environments set is_released = true
                where status = 'Destroyed' and adopted_from is not null and message = 'It was given back and goes on running, without the portal.';
                """);

            migrationBuilder.CreateIndex(
                name: "IX_audit_events_topic_number",
                table: "audit_events",
                columns: new[] { "topic", "number" },
                filter: "topic is not null");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_audit_events_topic_number",
                table: "audit_events");

            migrationBuilder.DropColumn(
                name: "is_released",
                table: "environments");

            migrationBuilder.DropColumn(
                name: "state",
                table: "audit_events");

            migrationBuilder.DropColumn(
                name: "topic",
                table: "audit_events");
        }
    }
}
