using System;
using System.Collections.Generic;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Migrations.Migrations
{
    /// <inheritdoc />
    public partial class DescriptorFiles : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // Replicas of the release before still write it; the release after takes it away.
            migrationBuilder.Sql("alter table catalog_entities alter column source_text set default '';");

            migrationBuilder.AddColumn<Guid>(
                name: "file_id",
                table: "catalog_entities",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "file_length",
                table: "catalog_entities",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "file_start",
                table: "catalog_entities",
                type: "integer",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "descriptor_files",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    text = table.Column<string>(type: "text", nullable: false),
                    hash = table.Column<string>(type: "text", nullable: false),
                    includes = table.Column<List<string>>(type: "text[]", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_descriptor_files", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_catalog_entities_file_id",
                table: "catalog_entities",
                column: "file_id");

            migrationBuilder.CreateIndex(
                name: "IX_catalog_entities_location",
                table: "catalog_entities",
                column: "location")
                .Annotation("Npgsql:IndexMethod", "hash");

            migrationBuilder.AddForeignKey(
                name: "FK_catalog_entities_descriptor_files_file_id",
                table: "catalog_entities",
                column: "file_id",
                principalTable: "descriptor_files",
                principalColumn: "id",
                onDelete: ReferentialAction.SetNull);

            MoveTexts(migrationBuilder);
        }

        /// <summary>
        /// Each text once, however many rows have it. The database does it, by hashes: texts of hundreds of megabytes pass through no
        /// process, and none is sorted.
        /// </summary>
        private static void MoveTexts(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("""
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
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("update catalog_entities e set source_text = f.text from descriptor_files f where f.id = e.file_id");

            migrationBuilder.DropForeignKey(
                name: "FK_catalog_entities_descriptor_files_file_id",
                table: "catalog_entities");

            migrationBuilder.DropTable(
                name: "descriptor_files");

            migrationBuilder.DropIndex(
                name: "IX_catalog_entities_file_id",
                table: "catalog_entities");

            migrationBuilder.DropIndex(
                name: "IX_catalog_entities_location",
                table: "catalog_entities");

            migrationBuilder.DropColumn(
                name: "file_id",
                table: "catalog_entities");

            migrationBuilder.DropColumn(
                name: "file_length",
                table: "catalog_entities");

            migrationBuilder.DropColumn(
                name: "file_start",
                table: "catalog_entities");

        }
    }
}
