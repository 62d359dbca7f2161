using System.Buffers;

namespace Portal.Templating.Lexing;

/// <summary>The marks that start and end tags, and the two white-space options.</summary>
internal sealed class Delimiters
{
    public const string BlockStart = "{%";
    public const string BlockEnd = "%}";
    public const string CommentStart = "{#";
    public const string CommentEnd = "#}";

    public Delimiters(TemplateEngineOptions options)
    {
        VariableStart = options.VariableStart;
        VariableEnd = options.VariableEnd;
        TrimBlocks = options.TrimBlocks;
        LstripBlocks = options.LstripBlocks;
        Marks = SearchValues.Create([BlockStart, VariableStart, CommentStart, CommentEnd], StringComparison.Ordinal);
    }

    public string VariableStart { get; }
    public string VariableEnd { get; }
    public bool TrimBlocks { get; }
    public bool LstripBlocks { get; }

    /// <summary>Whatever ends a stretch of plain text.</summary>
    public SearchValues<string> Marks { get; }
}
