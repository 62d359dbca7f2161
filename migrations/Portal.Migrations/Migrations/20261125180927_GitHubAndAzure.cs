using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Migrations.Migrations
{
    /// <inheritdoc />
    public partial class GitHubAndAzure : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "adopted_from",
                table: "environments",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "definition",
                table: "environments",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "repository_provider",
                table: "environments",
                type: "text",
                nullable: false,
                defaultValue: "local");

            migrationBuilder.CreateTable(
                name: "billed_days",
                columns: table => new
                {
                    provider = table.Column<string>(type: "text", nullable: false),
                    day = table.Column<DateOnly>(type: "date", nullable: false),
                    scope = table.Column<string>(type: "text", nullable: false),
                    service = table.Column<string>(type: "text", nullable: false),
                    currency = table.Column<string>(type: "text", nullable: false),
                    amount = table.Column<decimal>(type: "numeric(20,8)", precision: 20, scale: 8, nullable: false),
                    environment_id = table.Column<string>(type: "text", nullable: true),
                    component = table.Column<string>(type: "text", nullable: true),
                    owner = table.Column<string>(type: "text", nullable: true),
                    read_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_billed_days", x => new { x.provider, x.day, x.scope, x.service, x.currency });
                });

            migrationBuilder.CreateTable(
                name: "found_repositories",
                columns: table => new
                {
                    provider = table.Column<string>(type: "text", nullable: false),
                    repository = table.Column<string>(type: "text", nullable: false),
                    web_url = table.Column<string>(type: "text", nullable: false),
                    default_branch = table.Column<string>(type: "text", nullable: false),
                    description = table.Column<string>(type: "text", nullable: true),
                    is_archived = table.Column<bool>(type: "boolean", nullable: false),
                    head_commit = table.Column<string>(type: "text", nullable: true),
                    descriptor_path = table.Column<string>(type: "text", nullable: true),
                    problem = table.Column<string>(type: "text", nullable: true),
                    proposed_owner = table.Column<string>(type: "text", nullable: true),
                    proposed_owner_is_team = table.Column<bool>(type: "boolean", nullable: false),
                    proposed_owner_reason = table.Column<string>(type: "text", nullable: true),
                    pull_request_url = table.Column<string>(type: "text", nullable: true),
                    seen_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_found_repositories", x => new { x.provider, x.repository });
                });

            migrationBuilder.CreateTable(
                name: "webhook_deliveries",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    provider = table.Column<string>(type: "text", nullable: false),
                    delivery_id = table.Column<string>(type: "text", nullable: false),
                    @event = table.Column<string>(name: "event", type: "text", nullable: false),
                    payload = table.Column<string>(type: "text", nullable: false),
                    received_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    status = table.Column<string>(type: "text", nullable: false),
                    attempts = table.Column<int>(type: "integer", nullable: false),
                    problem = table.Column<string>(type: "text", nullable: true),
                    next_attempt_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    handled_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_webhook_deliveries", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_billed_days_day",
                table: "billed_days",
                column: "day");

            migrationBuilder.CreateIndex(
                name: "IX_billed_days_environment_id",
                table: "billed_days",
                column: "environment_id");

            migrationBuilder.CreateIndex(
                name: "IX_webhook_deliveries_provider_delivery_id",
                table: "webhook_deliveries",
                columns: new[] { "provider", "delivery_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_webhook_deliveries_status_received_at",
                table: "webhook_deliveries",
                columns: new[] { "status", "received_at" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "billed_days");

            migrationBuilder.DropTable(
                name: "found_repositories");

            migrationBuilder.DropTable(
                name: "webhook_deliveries");

            migrationBuilder.DropColumn(
                name: "adopted_from",
                table: "environments");

            migrationBuilder.DropColumn(
                name: "definition",
                table: "environments");

            migrationBuilder.DropColumn(
                name: "repository_provider",
                table: "environments");
        }
    }
}
