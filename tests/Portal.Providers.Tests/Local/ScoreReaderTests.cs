using System.Text;
using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Providers.Local.Environments;

namespace Portal.Providers.Tests.Local;

public sealed class ScoreReaderTests
{
    private static readonly EnvironmentSize Small = new("small", 0.25m, 256, new Money(1m, "EUR"), "test");

    private static ScoreWorkload Read(string text) => ScoreReader.Read(Encoding.UTF8.GetBytes(text), Small);

    private static string Container(string lines) =>
        "apiVersion: score.dev/v1b1\nmetadata: { name: orders }\ncontainers:\n  app:\n    command: [node]\n" + lines;

    [Fact]
    public void Read_WholeWorkload_IsUnderstood()
    {
        var workload = Read(FakeArtifacts.Score + "\n  side:\n    image: redis\n");
        Assert.Equal(
            ("orders", "service", "/readyz", "/livez"),
            (workload.Name, workload.Container, workload.Readiness!.Path, workload.Liveness!.Path));
        Assert.Equal(["node", "main.js"], workload.Command);
        Assert.Equal(["side"], workload.Others);
        Assert.Equal("from orders, costs $5", workload.Variables["GREETING"]);
    }

    [Theory]
    [InlineData("256Mi", 256)]
    [InlineData("1Gi", 1024)]
    [InlineData("100M", 95)]
    [InlineData("104857600", 100)]
    public void Read_MemoryLimit_IsInMebibytes(string written, int expected) =>
        Assert.Equal(
            expected, Read(Container($"    resources: {{ limits: {{ memory: {written} }} }}\n")).MemoryLimitMiB);

    [Theory]
    [InlineData("", "one document")]
    [InlineData("apiVersion: score.dev/v2\n", "line 1: apiVersion must be score.dev/v1b1")]
    [InlineData("apiVersion: score.dev/v1b1\ncontainers: {}\n", "metadata.name is missing")]
    [InlineData("apiVersion: score.dev/v1b1\nmetadata: { name: x }\n", "containers is missing")]
    [InlineData(
        "apiVersion: score.dev/v1b1\nmetadata: { name: x }\ncontainers:\n  app:\n    image: x\n",
        "line 5: containers.app.command is missing")]
    [InlineData("a: [", "score.yaml line")]
    public void Read_NotAWorkload_SaysWhereAndWhat(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<ProviderException>(() => Read(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(
        "    variables:\n      DB: ${resources.db.host}\n",
        "line 7: ${resources.db.host} names the resource db, which is not declared")]
    [InlineData(
        "    variables:\n      DB: ${resources.db.host}\nresources:\n  db: { type: postgres }\n",
        "line 7: ${resources.db.host}: a local environment provides no resource of type postgres")]
    [InlineData("    variables:\n      A: ${nonsense}\n", "${nonsense} names nothing")]
    [InlineData("    variables:\n      A=B: x\n", "cannot be the name of a variable")]
    [InlineData("    volumes:\n      /data: { source: disk }\n", "line 7: containers.app.volumes cannot be provided")]
    [InlineData("    files:\n      /etc/x: { content: y }\n", "containers.app.files cannot be provided")]
    [InlineData("    args: node\n", "line 6: args must be a list")]
    [InlineData("    readinessProbe: { exec: { command: [true] } }\n", "readinessProbe must have httpGet")]
    [InlineData("    livenessProbe: { httpGet: { scheme: HTTPS, path: / } }\n", "asks for HTTPS")]
    [InlineData("    livenessProbe: { httpGet: { path: livez } }\n", "must start with a slash")]
    [InlineData("    resources: { requests: { memory: 1Gi } }\n", "asks for 1024 MiB and size small has 256 MiB")]
    [InlineData("    resources: { limits: { memory: lots } }\n", "'lots' is no amount of memory")]
    public void Read_WhatCannotBeProvided_IsAnErrorWithItsLine(string lines, string expected) =>
        Assert.Contains(
            expected, Assert.Throws<ProviderException>(() => Read(Container(lines))).Message, StringComparison.Ordinal);
}
