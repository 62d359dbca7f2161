namespace Portal.Templating.Tests.Conformance;

/// <summary>
/// Every template of the corpus gives, byte for byte, what the real Nunjucks 3.2.4 gives, or fails where it fails.
/// </summary>
public sealed class CorpusTests(NunjucksFixture nunjucks) : IClassFixture<NunjucksFixture>
{
    public static TheoryData<string> Names => [.. CorpusCase.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Render_CorpusCase_GivesWhatNunjucksGives(string name)
    {
        var expected = nunjucks[name];
        var test = CorpusCase.All[name];
        if (expected.Error is not null)
        {
            var error = Assert.ThrowsAny<TemplateException>(() => test.Render());
            Assert.True(error.Line > 0, "The error has no place.");
            return;
        }

        Assert.Equal(expected.Text, test.Render());
    }

    [Fact]
    public void Corpus_Size_IsFifteenHundredCasesOrMore() => Assert.InRange(CorpusCase.All.Count, 1500, int.MaxValue);
}
