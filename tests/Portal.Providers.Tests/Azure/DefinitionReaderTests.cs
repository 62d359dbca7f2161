using Portal.Core.Providers;
using Portal.Providers.Azure.Definitions;
using Portal.TestKit;

namespace Portal.Providers.Tests.Azure;

public sealed class DefinitionReaderTests : IDisposable
{
    private const string Manifest = """
        name: Thing
        runner: ARM
        templatePath: azuredeploy.json
        parameters:
          - id: size
            name: Size
            type: string
            default: a
            required: true
            allowed: [a, b]
        """;

    private const string Template = """
        {
          "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
          "contentVersion": "1.0.0.0",
          "parameters": { "portalName": { "type": "string" }, "size": { "type": "string" } },
          "resources": []
        }
        """;

    private const string Prices = """
        currency: EUR
        source: example
        sizes:
          - { name: large, cpu: 1, memory: 2Gi, pricePerHour: 0.2 }
          - { name: small, cpu: 0.25, memory: 512Mi, pricePerHour: 0.05 }
        """;

    private readonly string folder = Directory.CreateTempSubdirectory("definitions-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Read_Sound_HasTitleSizesAndSchema()
    {
        var definition = Read(Manifest, Template, Prices);
        Assert.Equal(("thing", "Thing", false), (definition.Name, definition.Title, definition.RunsVersion));
        Assert.Equal([("small", 512), ("large", 2048)], definition.Sizes.Select(s => (s.Name, s.MemoryMiB)));
        Assert.Equal(
            """{"type":"object","additionalProperties":false,"properties":{"size":{"type":"string","title":"Size","enum":["a","b"],"default":"a"}},"required":["size"]}""",
            definition.Parameters.ToJsonString());
    }

    [Theory]
    [InlineData("name: Thing", "title: Thing", "thing/environment.yaml line 1: 'title' is not known here")]
    [InlineData("runner: ARM", "runner: Terraform", "thing/environment.yaml line 2: the runner Terraform")]
    [InlineData(
        "templatePath: azuredeploy.json", "templatePath: ../other.json",
        "thing/environment.yaml line 3: there is no ../other.json")]
    [InlineData("id: size", "id: colour", "thing/environment.yaml line 5: the template has no parameter colour")]
    [InlineData("id: size", "id: portalName", "thing/environment.yaml line 5: portalName is the portal's to fill")]
    [InlineData(
        "type: string", "type: integer",
        "thing/environment.yaml line 7: size is integer here and string in the template")]
    [InlineData("type: string", "type: text", "thing/environment.yaml line 7: 'text' is no type")]
    [InlineData(
        "default: a", "default: c", "thing/environment.yaml line 8: the default of size is none of the allowed values")]
    [InlineData("default: a", "default: 1", "thing/environment.yaml line 8: 1 is no string")]
    [InlineData("required: true", "required: maybe", "thing/environment.yaml line 9: required must be true or false")]
    public void Read_WrongManifest_NamesFileAndLine(string part, string wrong, string said) =>
        Assert.StartsWith(said, Assert.Throws<DefinitionException>(() => Read(
            Manifest.Replace(part, wrong, StringComparison.Ordinal), Template,
            Prices)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("\"resources\": []", "\"resources\": [", "thing/azuredeploy.json line 6: that is no JSON")]
    [InlineData(
        "\"portalName\"", "\"portalNames\"",
        "thing/azuredeploy.json line 1: the portal fills no parameter portalNames")]
    [InlineData(
        "\"portalName\"", "\"portalImage\"",
        "thing/azuredeploy.json line 1: it declares portalImage and has no output url")]
    [InlineData("\"portalName\"", "\"region\"", "thing/azuredeploy.json line 1: nobody fills the parameter region")]
    public void Read_WrongTemplate_NamesFileAndLine(string part, string wrong, string said) =>
        Assert.StartsWith(said, Assert.Throws<DefinitionException>(() => Read(
            Manifest, Template.Replace(part, wrong, StringComparison.Ordinal),
            Prices)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("currency: EUR", "currency: Euro", "thing/prices.yaml line 1: 'Euro' is no currency")]
    [InlineData("memory: 2Gi", "memory: much", "thing/prices.yaml line 4: 'much' is no amount of memory")]
    [InlineData("name: small", "name: large", "thing/prices.yaml line 5: the size large is there twice")]
    [InlineData("pricePerHour: 0.2", "pricePerHour: -1", "thing/prices.yaml line 4: pricePerHour must not be below 0")]
    public void Read_WrongPrices_NamesFileAndLine(string part, string wrong, string said) =>
        Assert.StartsWith(said, Assert.Throws<DefinitionException>(() => Read(
            Manifest, Template,
            Prices.Replace(part, wrong, StringComparison.Ordinal))).Message, StringComparison.Ordinal);

    [Fact]
    public void Catalog_OneIsWrong_TheOthersServeAndItIsAProblem()
    {
        Write("good", Manifest, Template, Prices);
        Write("bad", "name: x", Template, Prices);
        var catalog = DefinitionCatalog.Read(folder, "missing", "azure");
        Assert.Equal("good", Assert.Single(catalog.All).Name);
        Assert.Equal(2, catalog.Problems.Count);
        Assert.StartsWith(
            "bad/environment.yaml line 1: templatePath is missing", catalog.Problems[0], StringComparison.Ordinal);
        Assert.Contains("choose good", catalog.Problems[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Shipped_Definitions_AreSoundAndLabelTheirPrices()
    {
        var catalog = DefinitionCatalog.Read(
            RepositoryRoot.Combine("templates", "environments"), "container-app", "azure");
        Assert.Empty(catalog.Problems);
        Assert.Equal(["container-app", "static-site-storage", "web-app-postgresql"], catalog.All.Select(d => d.Name));
        Assert.All(
            catalog.All.SelectMany(d => d.Sizes),
            s => Assert.StartsWith("example price sheet", s.PriceSource, StringComparison.Ordinal));
        Assert.All(catalog.All, d => Assert.DoesNotContain(
            "password", (d.Template["outputs"]?.ToJsonString() ?? "").ToLowerInvariant(), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("  port: 8080", "  port: 8080", "")]
    [InlineData("memory: 96Mi", "memory: 900Mi", "the service asks for 900 MiB and size small has 512 MiB")]
    [InlineData("cpu: 50m", "cpu: 2", "the service asks for 2 cores")]
    [InlineData("${metadata.name}", "${resources.db.host}", "this provider binds no Score resources")]
    [InlineData(
        "httpGet: { path: /readyz, port: 8080 }", "exec: { command: [true] }", "readinessProbe must have httpGet")]
    [InlineData("targetPort: 8080", "targetPort: 99999", "'99999' is no port")]
    public void Score_WhatAContainerCannotHave_NamesTheLine(string part, string wrong, string said)
    {
        var size = new EnvironmentSize("small", 0.25m, 512, new Core.Shared.Money(0, "EUR"), "example");
        var text = AzureThings.Score.Replace(part, wrong, StringComparison.Ordinal);
        if (said.Length == 0)
        {
            Assert.Equal((8080, "/readyz", "/livez"), (ScoreFile.Read(
                text,
                size).Port, ScoreFile.Read(text, size).Readiness!.Path, ScoreFile.Read(text, size).Liveness!.Path));
            return;
        }
        var error = Assert.Throws<ProviderException>(() => ScoreFile.Read(text, size));
        Assert.Equal("score-invalid", error.Error.Code);
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.Matches("^score.yaml line [0-9]+: ", error.Message);
    }

    private DefinitionFile Read(string manifest, string template, string prices) =>
        DefinitionReader.Read(Write("thing", manifest, template, prices));

    private string Write(string name, string manifest, string template, string prices)
    {
        var path = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
        File.WriteAllText(Path.Combine(path, "environment.yaml"), manifest);
        File.WriteAllText(Path.Combine(path, "azuredeploy.json"), template);
        File.WriteAllText(Path.Combine(path, "prices.yaml"), prices);
        return path;
    }
}
