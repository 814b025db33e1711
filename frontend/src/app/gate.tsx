import { useQuery } from "@tanstack/react-query";
import { Outlet, useLocation } from "@tanstack/react-router";
import { ApiError, prefix } from "@/api/client";
import { useExplain } from "@/api/explain";
import { sessionQuery } from "@/api/session";
import { SignInPage } from "@/features/entrance/sign-in-page";
import { StudioPage } from "@/features/entrance/studio-page";
import { LeakedPage } from "@/features/members/leaked-page";
import { Loaded } from "@/ui/loaded";
import { Page } from "@/ui/page";
import { Must } from "./must";
import { Shell } from "./shell";

/** Where the links of mails lead: open to whoever has the key, signed in or not. */
const BY_LINK = /\/(?:set-password|verify-email)\/?$/;

/** Decides what a visitor sees first: naming a studio, signing in, or the rooms. */
export function Gate() {
  const session = useQuery(sessionQuery);
  const explain = useExplain();
  const isLeaked = useLocation({ select: ({ pathname }) => /\/leaked\/?$/.test(pathname) });
  const isByLink = useLocation({ select: ({ pathname }) => BY_LINK.test(pathname) });
  if (isByLink) return <Outlet />;
  if (session.data && session.data.policy.must !== null) return <Must session={session.data} />;
  if (session.data) {
    return (
      <Shell>
        <Outlet />
      </Shell>
    );
  }
  // Whoever finds a token need be nobody here to have it revoked.
  if (isLeaked && session.error) return <LeakedPage />;
  const status = session.error instanceof ApiError ? session.error.status : undefined;
  if (prefix() === "" && status !== undefined && status !== 0 && status < 500) return <StudioPage />;
  if (status === 401 || status === 403) return <SignInPage why={toldBy(session.error)} />;
  if (status === 404) return <StudioPage isUnknown />;
  return (
    <Page title="">
      <Loaded query={session} explain={explain}>
        {() => null}
      </Loaded>
    </Page>
  );
}

/** What a visitor is told of why her session is none: only where it is more than that nobody has signed in. */
function toldBy(error: Error | null): Error | undefined {
  return error instanceof ApiError && /^(?:session|studio)\./.test(error.problem.code) ? error : undefined;
}
