using Microsoft.AspNetCore.Http.HttpResults;
using Portal.Core.Shared;

namespace Portal.Web.Shared;

/// <summary>A list that comes whole.</summary>
internal sealed record Listed<T>(IReadOnlyList<T> Items);

/// <summary>What an operation answers, made of what its use case says.</summary>
internal static class Answers
{
    /// <summary>200 with the value, or the problem.</summary>
    public static Results<Ok<T>, Problem> ToOk<T>(this Result<T> result) =>
        result.TryGet(out var value, out var error) ? TypedResults.Ok(value) : error.ToProblem();

    /// <summary>200 with what is made of the value, or the problem.</summary>
    public static Results<Ok<TShown>, Problem> ToOk<T, TShown>(this Result<T> result, Func<T, TShown> show) =>
        result.TryGet(out var value, out var error) ? TypedResults.Ok(show(value)) : error.ToProblem();

    /// <summary>200 with what is made of each item, or the problem.</summary>
    public static Results<Ok<Page<TShown>>, Problem> ToPage<T, TShown>(
        this Result<Page<T>> result, Func<T, TShown> show) =>
        result.ToOk(page => new Page<TShown>([.. page.Items.Select(show)], page.Total));

    /// <summary>200 with what is made of each item, or the problem.</summary>
    public static Results<Ok<Listed<TShown>>, Problem> ToList<T, TShown>(
        this Result<IReadOnlyList<T>> result, Func<T, TShown> show) =>
        result.ToOk(list => new Listed<TShown>([.. list.Select(show)]));

    /// <summary>202 with what is made of the value and where to follow it, or the problem.</summary>
    public static Results<Accepted<TShown>, Problem> ToAccepted<T, TShown>(
        this Result<T> result, Func<T, string> address, Func<T, TShown> show) =>
        result.TryGet(out var value, out var error)
            ? TypedResults.Accepted(address(value), show(value))
            : error.ToProblem();

    /// <summary>201 with what is made of the value and where it is, or the problem.</summary>
    public static Results<Created<TShown>, Problem> ToCreated<T, TShown>(
        this Result<T> result, Func<T, string> address, Func<T, TShown> show) =>
        result.TryGet(out var value, out var error)
            ? TypedResults.Created(address(value), show(value))
            : error.ToProblem();

    /// <summary>204, or the problem.</summary>
    public static Results<NoContent, Problem> ToNoContent<T>(this Result<T> result) =>
        result.Error is { } error ? error.ToProblem() : TypedResults.NoContent();
}
