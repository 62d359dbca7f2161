using Portal.Benchmarks;
using Portal.TestKit.Hosting;

if (args is [WorldProcess.Argument])
{
    await WorldProcess.ServeAsync();
    return 0;
}

var suite = args is ["runs" or "providers", ..] ? args[0] : "";
if (args.Skip(suite.Length > 0 ? 1 : 0).FirstOrDefault(a => a != "--json") is { } unknown)
{
    Console.Error.WriteLine($"portal bench: there is no '{unknown}'; use portal bench [runs|providers] [--json]");
    return 2;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    // What was started is stopped first.
    e.Cancel = true;
    stop.Cancel();
};
try
{
    var report = new Report(message => Console.Error.WriteLine(message));
    await (suite switch
    {
        "runs" => new RunsSuite(report).RunAsync(stop.Token),
        "providers" => new ProvidersSuite(report).RunAsync(stop.Token),
        _ => new Suite(report).RunAsync(stop.Token),
    });
    Console.WriteLine(report.Table());
    if (args.Contains("--json")) Console.WriteLine(report.Json());
    return 0;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    Console.Error.WriteLine("portal bench: stopped");
    return 130;
}
catch (Exception error) when (error is BenchmarkException or PortalProcessException)
{
    Console.Error.WriteLine($"portal bench: {error.Message}");
    return 1;
}
