using Microsoft.AspNetCore.Http;
using Portal.TestKit.Outside;
using Portal.TestKit.Outside.Server;

namespace Portal.TestKit.GitHub.Server;

/// <summary>Lets go wrong what a test has planned for an operation.</summary>
internal sealed class FaultyAnswers(OutsideFaults faults)
{
    public async Task AroundAsync(HttpContext context, string operation, Func<Task> work)
    {
        var fault = faults.Take(operation);
        switch (fault?.Fault)
        {
            case null:
                await work();
                return;
            case OutsideFault.FailBefore:
                await SendAsync(context, 500, """{"message":"Server Error"}""");
                return;
            case OutsideFault.BadGateway:
                await SendAsync(context, 502, "<html><body><h1>502 Bad Gateway</h1></body></html>", "text/html");
                return;
            case OutsideFault.Refuse:
                await SendAsync(context, 403, """{"message":"Resource not accessible by integration"}""");
                return;
            case OutsideFault.Limit:
                context.Response.Headers.RetryAfter = Math.Ceiling(fault.Wait.TotalSeconds).ToString(
                    "0", System.Globalization.CultureInfo.InvariantCulture);
                await SendAsync(
                    context, 429,
                    """{"message":"You have exceeded a secondary rate limit. Please wait a few minutes before you try again."}""");
                return;
            case OutsideFault.Delay:
                await Task.Delay(fault.Wait, context.RequestAborted);
                await work();
                return;
            case { } after:
                await FaultSwitch.DoAndFailAsync(context, after, work);
                return;
        }
    }

    private static async Task SendAsync(
        HttpContext context, int status, string body, string type = "application/json; charset=utf-8")
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        await context.Response.WriteAsync(body);
    }
}
