/**
 * Two revisions on one machine: {@code compare A B}.
 *
 * <p>Both are built in Git worktrees of their own. In every round each benchmark runs in one fork
 * of A and one of B, who comes first alternating, and gives one ratio, time of B over time of A. A
 * benchmark is flagged where the sign-test interval of the median ratio, at 95 % or more, excludes
 * 1 and the median is off by more than 2 %: see {@link io.vitj.bench.compare.Comparison}.
 */
package io.vitj.bench.compare;
