using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Migrations.Migrations
{
    /// <inheritdoc />
    public partial class ClocksAndReservations : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "is_reserved",
                table: "environments",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.CreateTable(
                name: "clock_anchors",
                columns: table => new
                {
                    boot = table.Column<string>(type: "text", nullable: false),
                    database_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    uptime_seconds = table.Column<double>(type: "double precision", nullable: false),
                    believed_from = table.Column<double>(type: "double precision", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_clock_anchors", x => x.boot);
                });

            migrationBuilder.CreateTable(
                name: "host_differences",
                columns: table => new
                {
                    provider = table.Column<string>(type: "text", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    message = table.Column<string>(type: "text", nullable: false),
                    found_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    seen_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_host_differences", x => new { x.provider, x.kind, x.name });
                });

            // Where the same was adopted twice before, that stays for people to sort out: nothing here may keep a portal from starting.
            migrationBuilder.Sql("""
                do $$ begin
                    create unique index "IX_environments_provider_adopted_from" on environments (provider, adopted_from)
                        where destroyed_at is null and adopted_from is not null;
                exception when unique_violation then
                    raise warning 'something is adopted twice: the index on environments (provider, adopted_from) is not made';
                end $$;
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "clock_anchors");

            migrationBuilder.DropTable(
                name: "host_differences");

            migrationBuilder.Sql("""drop index if exists "IX_environments_provider_adopted_from";""");

            migrationBuilder.DropColumn(
                name: "is_reserved",
                table: "environments");
        }
    }
}
