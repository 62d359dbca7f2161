namespace Portal.Templating.Tests;

/// <summary>The filters that Backstage adds give what Backstage gives, errors included.</summary>
public sealed class BackstageFilterTests
{
    [Theory]
    [InlineData(
        "'github.com?owner=acme&repo=shop' | parseRepoUrl", """{"host":"github.com","owner":"acme","repo":"shop"}""")]
    [InlineData(
        "'github.com?repo=shop&owner=/acme/' | parseRepoUrl", """{"host":"github.com","owner":"acme","repo":"shop"}""")]
    [InlineData(
        "'dev.azure.com?owner=o&repo=r&organization=org&project=p%20q' | parseRepoUrl",
        """{"host":"dev.azure.com","owner":"o","repo":"r","organization":"org","project":"p q"}""")]
    [InlineData(
        "'bitbucket.org?workspace=w&project=p&repo=r' | parseRepoUrl",
        """{"host":"bitbucket.org","repo":"r","workspace":"w","project":"p"}""")]
    [InlineData("'gitlab.com?project=12' | parseRepoUrl", """{"host":"gitlab.com","project":"12"}""")]
    [InlineData(
        "'git.acme.io:8443?owner=a&repo=b' | parseRepoUrl", """{"host":"git.acme.io:8443","owner":"a","repo":"b"}""")]
    [InlineData("'local?owner=a&repo=b' | parseRepoUrl", """{"host":"local","owner":"a","repo":"b"}""")]
    [InlineData("('github.com?owner=acme&repo=shop' | parseRepoUrl).owner", "\"acme\"")]
    [InlineData("'github.com?owner=acme&repo=shop' | parseRepoUrl | pick('repo')", "\"shop\"")]
    [InlineData("'github.com?owner=acme&repo=shop' | projectSlug", "\"acme/shop\"")]
    [InlineData(
        "'component:default/shop' | parseEntityRef", """{"kind":"component","namespace":"default","name":"shop"}""")]
    [InlineData("'group:techdocs' | parseEntityRef", """{"kind":"group","namespace":"default","name":"techdocs"}""")]
    [InlineData(
        "'techdocs' | parseEntityRef({ defaultKind: 'group', defaultNamespace: 'ns' })",
        """{"kind":"group","namespace":"ns","name":"techdocs"}""")]
    [InlineData(
        "'ns/x' | parseEntityRef({ defaultKind: 'Component' })",
        """{"kind":"Component","namespace":"ns","name":"x"}""")]
    [InlineData("'k:ns/x:y' | parseEntityRef", """{"kind":"k","namespace":"ns","name":"x:y"}""")]
    [InlineData("{kind: 'K', name: 'n'} | parseEntityRef", """{"kind":"K","namespace":"default","name":"n"}""")]
    [InlineData("'user:guest' | parseEntityRef | pick('name')", "\"guest\"")]
    [InlineData("{a: {b: [{c: 7}]} } | pick('a.b[0].c')", "7")]
    [InlineData("{a: {b: 1}, 'a.b': 2 } | pick('a.b')", "2")]
    [InlineData("{a: 1} | pick('x', 'fallback')", "\"fallback\"")]
    public void Filter_ValidInput_GivesBackstagesOutput(string expression, string json) =>
        Assert.Equal(json, Rendered.Evaluate(expression).ToJsonNode()!.ToJsonString());

    [Theory]
    [InlineData(
        "'github.com?owner=acme' | parseRepoUrl",
        "Invalid repo URL passed to publisher: https://github.com/?owner=acme, missing repo")]
    [InlineData(
        "'github.com?repo=r' | projectSlug",
        "Invalid repo URL passed to publisher: https://github.com/?repo=r, missing owner")]
    [InlineData(
        "'dev.azure.com?repo=r' | parseRepoUrl",
        "Invalid repo URL passed to publisher: https://dev.azure.com/?repo=r, missing project")]
    [InlineData("'www.bitbucket.org?project=p&repo=r' | parseRepoUrl", "missing workspace")]
    [InlineData("'gitlab.com?repo=r' | parseRepoUrl", "missing owner")]
    [InlineData("'' | parseRepoUrl", "Invalid repo URL passed to publisher, got ")]
    [InlineData("'' | parseEntityRef", "Entity reference must not be empty")]
    [InlineData("none | parseEntityRef", "Entity reference must not be empty")]
    [InlineData(
        "'techdocs' | parseEntityRef",
        "Entity reference \"techdocs\" had missing or empty kind (e.g. did not start with \"component:\" or similar)")]
    [InlineData("':x' | parseEntityRef", "Entity reference \":x\" was not on the form [<kind>:][<namespace>/]<name>")]
    [InlineData("'k:/x' | parseEntityRef", "was not on the form")]
    [InlineData("'k:' | parseEntityRef", "was not on the form")]
    [InlineData("{kind: 'K'} | parseEntityRef", "Entity reference {\"kind\":\"K\"} had missing or empty name")]
    public void Filter_InvalidInput_FailsInBackstagesWords(string expression, string message) =>
        Assert.Contains(
            message, Assert.ThrowsAny<TemplateException>(() => Rendered.Evaluate(expression)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void ParseRepoUrl_HostThatNobodyServes_Fails()
    {
        var engine = new TemplateEngine(
            new TemplateEngineOptions { RepositoryHostType = host => host == "git.acme.io" ? "gitea" : null });
        Assert.Equal("r", engine.ParseExpression("('git.acme.io?repo=r' | parseRepoUrl).repo", "a")
            .Evaluate(new TemplateContext()).ToString());
        var error = Assert.ThrowsAny<TemplateException>(() => engine.ParseExpression(
            "'github.com?owner=a&repo=b' | parseRepoUrl", "a").Evaluate(new TemplateContext()));
        Assert.Contains(
            "No matching integration configuration for host github.com, please check your integrations config",
            error.Message, StringComparison.Ordinal);
    }
}
