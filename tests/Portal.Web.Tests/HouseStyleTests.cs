using System.Text.RegularExpressions;
using Portal.TestKit;

namespace Portal.Web.Tests;

/// <summary>The dialect of the house, where neither the compiler nor .editorconfig holds it.</summary>
public sealed partial class HouseStyleTests
{
    private const int Columns = 120;

    /// <summary>A text that is broken over two lines is not found by who searches for it.</summary>
    [Fact]
    public void Lines_AreUpTo120Columns_UnlessATextIsLonger()
    {
        var wide = from file in Sources()
                   from line in CodeLines(File.ReadLines(file))
                   where line.Text.Length > Columns && !LongText().IsMatch(line.Text)
                   select $"{Name(file)}:{line.Number}";

        Assert.Empty(wide);
    }

    [Fact]
    public void Statements_StandOnTheLineOfTheirCondition_OrInBraces()
    {
        var dangling = from file in Sources()
                       let lines = CodeLines(File.ReadLines(file)).ToList()
                       from pair in lines.Zip(lines.Skip(1))
                       where Condition().IsMatch(pair.First.Text) && IsBalanced(pair.First.Text)
                           && pair.Second.Text.Trim() != "{"
                       select $"{Name(file)}:{pair.First.Number}";

        Assert.Empty(dangling);
    }

    [Fact]
    public void Fields_HaveNoUnderscore()
    {
        var fields = from file in Sources()
                     from line in CodeLines(File.ReadLines(file))
                     where Field().IsMatch(line.Text)
                     select $"{Name(file)}:{line.Number}";

        Assert.Empty(fields);
    }

    private static IEnumerable<string> Sources() =>
        ((string[])["src", "tests"]).SelectMany(f => Directory.EnumerateFiles(RepositoryRoot.Combine(f), "*.cs", SearchOption.AllDirectories))
            .Where(f => !Generated().IsMatch(f));

    private static string Name(string file) => Path.GetRelativePath(RepositoryRoot.Path, file);

    /// <summary>Without those of raw texts: SQL, YAML and JSON have a dialect of their own.</summary>
    private static IEnumerable<(int Number, string Text)> CodeLines(IEnumerable<string> lines)
    {
        var (number, isText) = (0, false);
        foreach (var line in lines)
        {
            number++;
            var marks = Raw().Count(line);
            if (!isText && marks % 2 == 0) yield return (number, line);
            if (marks % 2 == 1) isText = !isText;
        }
    }

    private static bool IsBalanced(string line) => line.Count(c => c == '(') == line.Count(c => c == ')');

    [GeneratedRegex("\"{3,}")]
    private static partial Regex Raw();

    [GeneratedRegex("""["'].{30,}["']""")]
    private static partial Regex LongText();

    [GeneratedRegex(@"^\s*(if|else if|foreach|for|while|lock) \(.*\)$|^\s*else$")]
    private static partial Regex Condition();

    [GeneratedRegex(@"^\s*(private|protected|internal|readonly)\b[^(={]* _[a-z]\w*( =|;)")]
    private static partial Regex Field();

    [GeneratedRegex("/(bin|obj|node_modules)/")]
    private static partial Regex Generated();
}
