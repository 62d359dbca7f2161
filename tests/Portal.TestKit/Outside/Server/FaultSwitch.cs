using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Portal.Core.Shared;

namespace Portal.TestKit.Outside.Server;

/// <summary>
/// Stands before every route: counts the call, and lets go wrong what is planned. Refusals become their status here.
/// </summary>
internal sealed class FaultSwitch(RequestDelegate next, OutsideFaults faults, OutsideLedger ledger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName is not { } route)
        {
            await next(context);
            return;
        }
        ledger.NoteCall(route);
        var fault = faults.Take(route);
        switch (fault?.Fault)
        {
            case OutsideFault.FailBefore:
                context.Response.StatusCode = 500;
                return;
            case OutsideFault.BadGateway:
                context.Response.StatusCode = 502;
                return;
            case OutsideFault.Refuse:
                context.Response.StatusCode = 403;
                return;
            case OutsideFault.Limit:
                context.Response.StatusCode = 429;
                context.Response.Headers.RetryAfter = Math.Ceiling(fault.Wait.TotalSeconds).ToString(
                    "0", System.Globalization.CultureInfo.InvariantCulture);
                return;
            case OutsideFault.Delay:
                await Task.Delay(fault.Wait, context.RequestAborted);
                await DoAsync(context);
                return;
            case { } after:
                await DoAndFailAsync(context, after, () => DoAsync(context));
                return;
            default:
                await DoAsync(context);
                return;
        }
    }

    /// <summary>The work is done, and its answer does not arrive as it should.</summary>
    internal static async Task DoAndFailAsync(HttpContext context, OutsideFault fault, Func<Task> work)
    {
        var (body, answer) = (context.Response.Body, new MemoryStream());
        context.Response.Body = answer;
        await work();
        context.Response.Body = body;
        if (fault == OutsideFault.FailAfter)
        {
            context.Response.Headers.Clear();
            context.Response.StatusCode = 500;
        }
        else if (fault == OutsideFault.HangAfter)
        {
            await WaitUntilGoneAsync(context);
        }
        else
        {
            await SendHalfAsync(context, answer.ToArray());
        }
    }

    private static async Task WaitUntilGoneAsync(HttpContext context)
    {
        try
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            context.Abort();
        }
    }

    private static async Task SendHalfAsync(HttpContext context, byte[] answer)
    {
        if (answer.Length > 1)
        {
            context.Response.ContentLength = answer.Length;
            await context.Response.Body.WriteAsync(answer.AsMemory(0, answer.Length / 2));
            await context.Response.Body.FlushAsync();
        }
        context.Abort();
    }

    private async Task DoAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (RefusedException refused)
        {
            context.Response.StatusCode = refused.Kind switch
            {
                ErrorKind.NotFound => 404,
                ErrorKind.Conflict => 409,
                ErrorKind.TooLarge => 413,
                _ => 400,
            };
            await context.Response.WriteAsJsonAsync(refused.Refusal, Wire.Json, CancellationToken.None);
        }
    }
}
