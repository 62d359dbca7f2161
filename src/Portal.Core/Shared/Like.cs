namespace Portal.Core.Shared;

/// <summary>Patterns for PostgreSQL's <c>LIKE</c>, in which what a person typed stands for itself.</summary>
public static class Like
{
    public static string Containing(string text) =>
        $"%{text.Replace("\\", "\\\\").Replace("%", "\\%").Replace("_", "\\_")}%";
}
