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
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "definition",
                table: "environments");

            migrationBuilder.DropColumn(
                name: "repository_provider",
                table: "environments");
        }
    }
}
