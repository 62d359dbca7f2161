using Portal.Core.Providers;
using Portal.Providers.GitHub.Pipelines;
using Portal.Providers.Score;

namespace Portal.Providers.Tests.Score;

/// <summary>Files of repositories that providers read: none costs more than its size allows for.</summary>
public sealed class ScoreDocumentLimitsTests
{
    private static readonly string Aliases = string.Concat(
        Enumerable.Range(0, 12).Select(i => i == 0
            ? "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
            : $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 9))}]\n"));

    [Fact]
    public void Read_AliasesOfAliases_IsRefusedWithTheLimit() =>
        Assert.Contains(
            "more than 500000 values", Assert.Throws<ProviderException>(() => ScoreDocument.Read(Aliases)).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData(500_000)]
    [InlineData(5_000_001)]
    public void Read_DeepOrLarge_IsRefused(
        int length) => Assert.Throws<ProviderException>(() => ScoreDocument.Read("a: " + new string('[', length)));

    [Fact]
    public void Variables_PlaceholdersThatMultiply_AreRefused()
    {
        var placeholders = string.Concat(Enumerable.Repeat("${metadata.name}", 10_000));
        var document = ScoreDocument.Read(
            $"apiVersion: score.dev/v1b1\nmetadata: {{ name: {new string('n', 100_000)} }}\ncontainers: {{ main: {{ image: x, variables: {{ A: '{placeholders}' }} }} }}\n");
        var before = GC.GetAllocatedBytesForCurrentThread();

        var wrong = Assert.Throws<ProviderException>(
            () => document.Variables(document.Containers["main"]!.AsObject(), "/containers/main", _ => null));

        Assert.Contains("longer than 1000000 characters together", wrong.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20_000_000);
    }

    [Fact]
    public void Variables_OpeningsWithoutAnEnd_AreLookedThroughOnce()
    {
        var document = ScoreDocument.Read(
            $"apiVersion: score.dev/v1b1\nmetadata: {{ name: n }}\ncontainers: {{ main: {{ image: x, variables: {{ A: '{string.Concat(Enumerable.Repeat("${", 400_000))}' }} }} }}\n");

        Assert.Equal(
            800_000,
            document.Variables(document.Containers["main"]!.AsObject(), "/containers/main", _ => null)["A"].Length);
    }

    [Fact]
    public void WorkflowFile_Hostile_HasNoInputsAndEndsNothing()
    {
        Assert.All(
            (string[])["on: " + new string(
                '[', 500_000), "on: &a { workflow_dispatch: { inputs: *a } }", Aliases, new string('x', 2_000_000)],
            text => Assert.Null(WorkflowFile.Parse(text).Inputs));
    }
}
