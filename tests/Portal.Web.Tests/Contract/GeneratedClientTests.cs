using System.Diagnostics;
using System.Text.Json.Nodes;
using Portal.TestKit;
using Portal.Web.Tests.Requests;

namespace Portal.Web.Tests.Contract;

/// <summary>A client that is generated from docs/openapi.json, compiled against it and used:
/// client/client.ts.</summary>
[Collection(ContractPortal.Name)]
public sealed class GeneratedClientTests(LivePortal portal)
{
    private static readonly string Sources = RepositoryRoot.Combine("tests/Portal.Web.Tests/Contract/client");

    [Fact]
    public async Task Client_GeneratedFromTheDocument_WorksWithARunningPortal()
    {
        var modules = await NpmPackages.EnsureAsync(Sources, TestContext.Current.CancellationToken);
        var folder = Directory.CreateTempSubdirectory("portal-client-");
        try
        {
            foreach (var name in (string[])["client.ts", "package.json",
                "tsconfig.json"]) File.Copy(Path.Combine(Sources, name), Path.Combine(folder.FullName, name));
            Directory.CreateSymbolicLink(Path.Combine(folder.FullName, "node_modules"), modules);
            await RunAsync(folder.FullName, "node_modules/openapi-typescript/bin/cli.js",
                RepositoryRoot.Combine("docs/openapi.json"), "--output", "schema.d.ts");
            await RunAsync(folder.FullName, "node_modules/typescript/bin/tsc");

            var told = JsonNode.Parse(await RunAsync(folder.FullName, "client.js"))!;

            // Its run is asked to stop, unless it is over already.
            Assert.True(told["cancelled"]!.GetValue<int>() is 204 or 409, told.ToJsonString());
            Assert.True(told["files"]!.GetValue<int>() > 0 && told["listed"]!.GetValue<bool>(), told.ToJsonString());
            Assert.Equal("user:default/ada", told["me"]!.GetValue<string>());
            Assert.Equal("environment-not-found", told["code"]!.GetValue<string>());
            // More than two pages of five.
            Assert.True(told["entities"]!.GetValue<int>() > 10, told.ToJsonString());
            Assert.Equal(told["entities"]!.GetValue<int>(), told["distinct"]!.GetValue<int>());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task<string> RunAsync(string folder, string script, params string[] arguments)
    {
        var info = new ProcessStartInfo("node", [script, .. arguments])
        {
            UseShellExecute = false,
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["PORTAL_ADDRESS"] = portal.Address.ToString().TrimEnd('/'),
            ["PORTAL_TOKEN"] = await portal.TokenAsync("ada") },
        };
        using var node = Process.Start(info)!;
        var (output, errors) = (node.StandardOutput.ReadToEndAsync(), node.StandardError.ReadToEndAsync());
        await node.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(node.ExitCode == 0, $"{script}: {await errors}{await output}");
        return await output;
    }
}
