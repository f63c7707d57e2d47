using Gir.Evaluation.Execution;
using Gir.Evaluation.Orleans.Coordination;

namespace Gir.Evaluation.Orleans.Tests;

public sealed class LedgerTests
{
    private static readonly IReadOnlySet<int> s_none = new HashSet<int>();
    private static readonly IReadOnlySet<int> s_both = new HashSet<int> { 0, 1 };

    [Test]
    public void Orders_grow_to_the_target_once_times_are_known_and_cover_everything_once()
    {
        Ledger ledger = Of(images: 3, tasks: 40, target: 1);
        Ledger.Lease first = ledger.Next("a", s_both, s_none, 1)!;
        Assert.That(first.Parts, Has.Count.EqualTo(1), "nothing is known about the times yet");
        var made = new HashSet<(int, int)>();
        Make(ledger, first, made);

        int largest = 0;
        while (ledger.Next("a", s_both, s_none, 1) is { } lease)
        {
            largest = Math.Max(largest, lease.Parts.Count);
            Make(ledger, lease, made);
        }

        // Three results of 0.02 s each: 16 tasks in a second.
        Assert.That(largest, Is.EqualTo(16));
        Assert.That(made, Has.Count.EqualTo(3 * 40 * 3));
        Assert.That(ledger.IsDone, Is.True);
    }

    [Test]
    public void What_a_lost_silo_did_not_deliver_is_pending_again_and_nothing_else()
    {
        Ledger ledger = Of(images: 1, tasks: 2, target: 1);
        Ledger.Lease one = ledger.Next("a", s_both, s_none, 2)!;
        Ledger.Lease two = ledger.Next("b", s_both, s_none, 2)!;
        Assert.That(ledger.Next("c", s_both, s_none, 2), Is.Null);
        Assert.That(ledger.Note(one.Parts[0].Item, -1, 0.1), Is.True);
        Assert.That(ledger.Note(one.Parts[0].Item, 1, 0.1), Is.True);
        Task changed = ledger.Changed;

        ledger.Lose("a");

        Assert.That(changed.IsCompleted, Is.True);
        Ledger.Lease again = ledger.Next("c", s_both, s_none, 2)!;
        Assert.That((again.Parts[0].Item, again.Parts[0].Input, again.Parts[0].Restorers), Is.EqualTo((one.Parts[0].Item, false, new[] { 0 })));
        Assert.That(ledger.Note(one.Parts[0].Item, 0, 0.1), Is.True, "the lost silo was only slow");
        Assert.That(ledger.Note(one.Parts[0].Item, 0, 0.1), Is.False, "counted twice");
        foreach (int restorer in new[] { -1, 0, 1 })
            ledger.Note(two.Parts[0].Item, restorer, 0.1);
        Assert.That(ledger.IsDone, Is.True);
        ledger.Finish(two.Order);
        ledger.Finish(again.Order);
        Assert.That(ledger.Next("c", s_both, s_none, 2), Is.Null);
    }

    [Test]
    public void Restorers_that_a_silo_lacks_are_left_to_others()
    {
        Ledger ledger = Of(images: 1, tasks: 1, target: 1);
        Ledger.Lease half = ledger.Next("a", new HashSet<int> { 1 }, s_none, 2)!;
        Assert.That((half.Parts[0].Input, half.Parts[0].Restorers), Is.EqualTo((true, new[] { 1 })));
        Assert.That(ledger.Next("a", new HashSet<int> { 1 }, s_none, 2), Is.Null);
        Assert.That(ledger.Wanted(), Is.EquivalentTo(new[] { 0 }));

        Ledger.Lease rest = ledger.Next("b", s_both, s_none, 2)!;

        Assert.That((rest.Parts[0].Input, rest.Parts[0].Restorers), Is.EqualTo((false, new[] { 0 })));
        ledger.Lose("a");
        Assert.That(ledger.Next("b", s_both, s_none, 2)!.Parts[0].Restorers, Is.EqualTo(new[] { 1 }));
    }

    [Test]
    public void A_silo_stays_with_its_images_and_goes_where_few_are_next()
    {
        Ledger ledger = Of(images: 3, tasks: 4, target: 1);
        int first = ledger.Next("a", s_both, s_none, 2)!.Image;
        int second = ledger.Next("b", s_both, s_none, 2)!.Image;
        Assert.That(second, Is.Not.EqualTo(first));
        Assert.That(ledger.Next("a", s_both, new HashSet<int> { first }, 2)!.Image, Is.EqualTo(first));
        Assert.That(ledger.Next("c", s_both, s_none, 2)!.Image, Is.Not.EqualTo(first).And.Not.EqualTo(second));
    }

    [Test]
    public void An_image_that_is_given_up_is_no_work_any_more()
    {
        Ledger ledger = Of(images: 2, tasks: 3, target: 1);
        Ledger.Lease lease = ledger.Next("a", s_both, s_none, 1)!;

        ledger.GiveUp(lease.Image);
        ledger.Finish(lease.Order);

        var made = new HashSet<(int, int)>();
        while (ledger.Next("a", s_both, s_none, 1) is { } other)
        {
            Assert.That(other.Image, Is.Not.EqualTo(lease.Image));
            Make(ledger, other, made);
        }

        Assert.That((made.Count, ledger.IsDone), Is.EqualTo((9, true)));
    }

    [Test]
    public void A_third_failure_on_the_same_work_ends_the_run()
    {
        Ledger ledger = Of(images: 1, tasks: 1, target: 1);
        Assert.That(ledger.Fail(ledger.Next("a", s_both, s_none, 1)!.Order), Is.True);
        Assert.That(ledger.Fail(ledger.Next("b", s_both, s_none, 1)!.Order), Is.True);
        Assert.That(ledger.Fail(ledger.Next("c", s_both, s_none, 1)!.Order), Is.False);
    }

    private static Ledger Of(int images, int tasks, double target) => new(
        [.. from image in Enumerable.Range(0, images) from task in Enumerable.Range(0, tasks) select new BenchmarkItem(image, task, Input: true, [0, 1])],
        restorers: 2,
        TimeSpan.FromSeconds(target));

    private static void Make(Ledger ledger, Ledger.Lease lease, HashSet<(int Item, int Restorer)> made)
    {
        foreach (var part in lease.Parts)
        {
            foreach (int restorer in part.Input ? [-1, .. part.Restorers] : part.Restorers)
            {
                Assert.That(made.Add((part.Item, restorer)), Is.True, "ordered twice");
                ledger.Note(part.Item, restorer, 0.02);
            }
        }

        ledger.Finish(lease.Order);
    }
}
